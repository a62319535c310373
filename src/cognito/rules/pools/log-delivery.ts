import type { CognitoCall } from '../../call.ts'
import type { LogConfigurationType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'
import { requireFeature } from './tier.ts'

/**
 * Each source is logged once, at its own level: messages that failed as errors, to CloudWatch only; what threat protection saw as
 * information, to one place of three, by pools of the PLUS plan (X7).
 */
export function checkLogConfigurations(call: CognitoCall, pool: Pool, configurations: readonly LogConfigurationType[]): void {
  const sources = configurations.map(({ EventSource }) => EventSource)
  const twice = [...new Set(sources.filter((source, index) => sources.indexOf(source) < index))]
  if (twice.length > 0) call.fail('InvalidParameterException', sourceTwice(twice))
  for (const configuration of configurations) {
    const { EventSource, LogLevel, CloudWatchLogsConfiguration, S3Configuration, FirehoseConfiguration } = configuration
    const level = EventSource === 'userNotification' ? 'ERROR' : 'INFO'
    if (LogLevel !== level) call.fail('InvalidParameterException', wrongLevel(EventSource, level))
    const places = [CloudWatchLogsConfiguration, S3Configuration, FirehoseConfiguration].filter((place) => place !== undefined)
    if (places.length !== 1) call.fail('InvalidParameterException', ONE_PLACE)
    if (EventSource === 'userAuthEvents') requireFeature(call, pool, 'PLUS', 'Log Streaming')
    else if (CloudWatchLogsConfiguration === undefined) call.fail('InvalidParameterException', NOT_CLOUDWATCH)
  }
}

/** As it was deployed in September 2026 (badmintoncryer/cdk-preflight), like the name of the feature that a cheaper plan lacks. */
const sourceTwice = (sources: readonly string[]) =>
  `Request validation Failed. Following event sources appear more then once in a request: [${sources.join(', ')}].`
// (?) What is refused is documented, the sentences are not known.
const ONE_PLACE = 'Each log configuration needs exactly one destination'
const NOT_CLOUDWATCH = 'Logs of userNotification can be sent to CloudWatch Logs only'
const wrongLevel = (source: string, level: string) => `Logs of ${source} have the level ${level}`

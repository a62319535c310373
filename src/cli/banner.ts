import type { Config } from '../config.ts'
import type { Running } from '../launch.ts'
import { version } from '../version.ts'

/** Somebody of fixtures/demo.yaml. */
const DEMO_LOGIN = 'pool us-east-1_PoolDemo1, client 1demo0client0000000000000w, alice / Demo-Passw0rd'

/** Where each vendor answers, and what to put in a shell. */
export function banner({ url }: Running, config: Config): string {
  const rows: [string, string][] = [
    ['Cognito', url],
    ['Yandex', `${url}/organization-manager/v1/idp`],
    ['Harmony', `${url}/harmony`],
    ['API docs', `${url}/_/docs`],
    ['Outbox', `${url}/_/outbox`],
    ['State', config.memory ? 'in memory' : config.data],
    ...(config.empty || config.fixtures.length > 0 ? [] : [['Demo', DEMO_LOGIN] as [string, string]]),
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`)
  return `\nPoolhouse ${version}, a local emulator: no real service, no real guards\n\n${lines.join('\n')}\n\n`
}

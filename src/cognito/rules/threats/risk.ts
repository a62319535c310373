import { BlockList, isIP } from 'node:net'
import type { CognitoCall } from '../../call.ts'
import type { RiskConfigurationType } from '../../contract/types.ts'
import { type Client, type Pool, riskConfigurations } from '../../records.ts'
import { isRange } from '../../settings.ts'

/** Under what a configuration is filed: a client's id, or this for the pool's own. */
export const POOL = ''

/** What counts for a client: its own configuration, else the pool's. */
export function riskConfigurationFor(call: CognitoCall, pool: Pool, client: Client): RiskConfigurationType | undefined {
  return riskConfigurations.get(call, pool.Id, client.ClientId) ?? riskConfigurations.get(call, pool.Id, POOL)
}

/** Which of its lists, if any, a configuration has an address on: blocked goes before skipped. */
export function listed(configuration: RiskConfigurationType | undefined, ip: string | undefined): 'blocked' | 'skipped' | undefined {
  const { BlockedIPRangeList = [], SkippedIPRangeList = [] } = configuration?.RiskExceptionConfiguration ?? {}
  if (within(BlockedIPRangeList, ip)) return 'blocked'
  return within(SkippedIPRangeList, ip) ? 'skipped' : undefined
}

function within(ranges: readonly string[], ip: string | undefined): boolean {
  if (ip === undefined || ranges.length === 0) return false
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/')
    list.addSubnet(network, Number(prefix), familyOf(network))
  }
  return list.check(ip, familyOf(ip))
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4'
}

export type RiskLevel = 'Low' | 'Medium' | 'High'

/** How risky an address is by the setting that says so: the highest level of all ranges that hold it. */
export function rated(risky: Readonly<Record<string, RiskLevel>>, ip: string | undefined): RiskLevel | undefined {
  return (['High', 'Medium', 'Low'] as const).find((level) =>
    within(
      Object.keys(risky).filter((range) => risky[range] === level),
      ip,
    ),
  )
}

/** Addresses are given as ranges in CIDR notation. */
export function checkRanges(call: CognitoCall, ranges: readonly string[] = []): void {
  // badmintoncryer/cdk-preflight, deployed in September 2026.
  if (ranges.some((range) => !isRange(range))) call.fail('InvalidParameterException', 'Incorrect CIDR format')
}

/** Without a filter compromised credentials are looked for everywhere. */
export const EVERY_EVENT: ('SIGN_IN' | 'SIGN_UP' | 'PASSWORD_CHANGE')[] = ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE']

import type { CognitoCall } from '../../call.ts'
import type { CognitoSettings } from '../../settings.ts'

/** The service's default quotas (cognito-behaviour X8, cognito-facts 206), held to in quota mode only. */
const QUOTAS = {
  pools: { most: 1000, what: 'user pools in the account' },
  clients: { most: 1000, what: 'app clients in the user pool' },
  groups: { most: 10_000, what: 'groups in the user pool' },
  groupsPerUser: { most: 100, what: 'groups for the user' },
  providers: { most: 300, what: 'identity providers in the user pool' },
  resourceServers: { most: 25, what: 'resource servers in the user pool' },
} as const

/** Quota mode is this room's setting `quotas`, off unless asked for. */
export function inQuotaMode(call: CognitoCall): boolean {
  return (call.settings.rooms.cognito as Partial<CognitoSettings> | undefined)?.quotas === true
}

/**
 * Refuses the next one of what there are `count` of already. Operations that do not declare a LimitExceededException say
 * it with an InvalidParameterException (?).
 */
export function holdQuota(
  call: CognitoCall,
  quota: keyof typeof QUOTAS,
  count: () => number,
  name: 'LimitExceededException' | 'InvalidParameterException' = 'LimitExceededException',
): void {
  if (!inQuotaMode(call)) return
  const { most, what } = QUOTAS[quota]
  if (count() >= most) call.fail(name, overQuota(most, what))
}

/** (?) The error's name is declared, its sentence is not known. */
function overQuota(most: number, what: string): string {
  return `Exceeded the maximum number of ${what}: ${most}.`
}

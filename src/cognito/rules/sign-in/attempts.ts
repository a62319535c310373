import type { Call } from '../../../core/call.ts'
import { credentials } from '../../../directory/credentials.ts'
import type { CognitoCall } from '../../call.ts'
import type { Pool, User } from '../../records.ts'
import { inQuotaMode } from '../pools/quotas.ts'

/** How often one user may do what in an hour (cognito-facts 83); of the range given for resets, the least. */
const MOST = { resend: 5, confirm: 15, attributeCode: 5, verifyAttribute: 15, changePassword: 5, reset: 5 } as const

const HOUR = 3_600_000

const attempts = credentials<{ times: number[] }>('hourly-attempts')

/** In quota mode: refuses what was done too often within the hour, else counts this time, whether it succeeds or not (S21). */
export function holdAttempts(call: CognitoCall, pool: Pool, user: User, what: keyof typeof MOST): void {
  if (!inQuotaMode(call)) return
  const known = attempts.get(call, pool.Id, user.sub, what)?.times ?? []
  const times = known.filter((at) => at > call.now - HOUR)
  if (times.length >= MOST[what]) call.fail('LimitExceededException', 'Attempt limit exceeded, please try after some time.')
  const count = (counted: Call) => attempts.put(counted, pool.Id, user.sub, { times: [...times, call.now] }, what)
  count(call)
  call.afterRefusal(count)
}

import { credentials } from '../../directory/credentials.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool, User } from '../records.ts'
import { settingsOf } from '../settings.ts'
import { recordFailure } from './threats.ts'

/** Wrong passwords in a row; all times in epoch milliseconds. */
interface Attempts {
  failures: number
  last: number
  lockedUntil: number
}

const attempts = credentials<Attempts>('attempts')

const FREE_FAILURES = 4
const LONGEST_LOCK = 15 * 60_000
const FORGOTTEN_AFTER = 15 * 60_000

/** During a lock the right password fails too, and no try counts (L5, cognito-facts 114). */
export function requireUnlocked(call: CognitoCall, pool: Pool, user: User): void {
  const known = attempts.get(call, pool.Id, user.sub)
  if (known !== undefined && call.now < known.lockedUntil && settingsOf(call).lockOut) {
    call.fail('NotAuthorizedException', 'Password attempts exceeded')
  }
}

/** To be called before the refusal: the count outlives it. From the 5th failure on each locks for 2^(n-5) seconds. */
export function countFailure(call: CognitoCall, pool: Pool, user: User, EventType: 'SignIn' | 'PasswordChange' = 'SignIn'): void {
  recordFailure(call, pool, user, { EventType, ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }] })
  call.afterRefusal((after) => {
    const before = attempts.get(after, pool.Id, user.sub)
    const failures = before === undefined || after.now - before.last >= FORGOTTEN_AFTER ? 1 : before.failures + 1
    const lock = failures > FREE_FAILURES ? Math.min(2 ** (failures - FREE_FAILURES - 1) * 1000, LONGEST_LOCK) : 0
    attempts.put(after, pool.Id, user.sub, { failures, last: after.now, lockedUntil: after.now + lock })
  })
}

export function forgetFailures(call: CognitoCall, pool: Pool, user: User): void {
  if (attempts.get(call, pool.Id, user.sub) !== undefined) attempts.remove(call, pool.Id, user.sub)
}

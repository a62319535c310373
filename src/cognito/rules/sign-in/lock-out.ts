import { credentials } from '../../../directory/credentials.ts'
import { tickets } from '../../../directory/tickets.ts'
import type { CognitoCall } from '../../call.ts'
import type { Pool, User } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { fold } from '../users/aliases.ts'

/** Wrong passwords and codes in a row; all times in epoch milliseconds. */
interface Attempts {
  failures: number
  /** When somebody tried last, in vain or during a lock. */
  last: number
  lockedUntil: number
}

/** A user, or a name that nobody bears where a client hides that: it is locked as a user's would be, lest the lock tell (L5, L14). */
type Who = User | string

const attempts = credentials<Attempts>('attempts')
const strangers = tickets<Attempts>('cognito.attempts')

const FREE_FAILURES = 4
const LONGEST_LOCK = 15 * 60_000
const FORGOTTEN_AFTER = 15 * 60_000

/** During a lock the right password or code fails too, and no try counts (L5, cognito-facts 114). */
export function requireUnlocked(call: CognitoCall, pool: Pool, who: Who): void {
  const known = attemptsOf(call, pool, who)
  if (known === undefined || call.now >= known.lockedUntil || !settingsOf(call).lockOut) return
  // It is not quiet while somebody tries.
  call.afterRefusal(() => keep(call, pool, who, { ...known, last: call.now }))
  call.fail('NotAuthorizedException', 'Password attempts exceeded')
}

/**
 * To be called before the refusal: the count outlives it. From the 5th failure on each locks for 2^(n-5) seconds. Codes of second
 * factors count as passwords do, answers to a pool's own questions do not (guide, user-pool-settings-mfa and lock-out behaviour).
 */
export function countFailure(call: CognitoCall, pool: Pool, who: Who): void {
  call.afterRefusal(() => {
    const before = attemptsOf(call, pool, who)
    const failures = before === undefined || call.now - before.last >= FORGOTTEN_AFTER ? 1 : before.failures + 1
    const lock = failures > FREE_FAILURES ? Math.min(2 ** (failures - FREE_FAILURES - 1) * 1000, LONGEST_LOCK) : 0
    keep(call, pool, who, { failures, last: call.now, lockedUntil: call.now + lock })
  })
}

/** A sign-in that gets to its end begins the count anew. */
export function forgetFailures(call: CognitoCall, pool: Pool, user: User): void {
  if (attempts.get(call, pool.Id, user.sub) !== undefined) attempts.remove(call, pool.Id, user.sub)
}

function attemptsOf(call: CognitoCall, pool: Pool, who: Who): Attempts | undefined {
  return typeof who === 'string' ? strangers.find(call, nameOf(pool, who))?.doc : attempts.get(call, pool.Id, who.sub)
}

function keep(call: CognitoCall, pool: Pool, who: Who, doc: Attempts): void {
  if (typeof who !== 'string') attempts.put(call, pool.Id, who.sub, doc)
  else strangers.issue(call, nameOf(pool, who), { pool: pool.Id, expires: call.now + FORGOTTEN_AFTER, doc })
}

function nameOf(pool: Pool, name: string): string {
  return `${pool.Id} ${fold(pool, name)}`
}

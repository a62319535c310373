import { hashPassword, verifyPassword } from '../../../directory/passwords.ts'
import type { CognitoCall } from '../../call.ts'
import { type Password, type Pool, passwords, type User } from '../../records.ts'
import { verifyImported } from '../imports/hashes.ts'
import { requireSafePassword } from '../threats/threats.ts'
import { change } from '../users/users.ts'
import { policyOf, requirePolicy } from './policy.ts'
import { makeVerifier } from './srp.ts'

/** Sets a password and the status that follows: FORCE_CHANGE_PASSWORD for a temporary one, else CONFIRMED (A7). Checks nothing. */
export function setPassword(call: CognitoCall, pool: Pool, user: User, password: string, { temporary }: { temporary: boolean }): User {
  keepPassword(call, pool, user, password, { temporary })
  return change(call, pool, user, { UserStatus: temporary ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED' })
}

/** Files a password as bcrypt hash and SRP verifier, the earlier ones as far as the pool's policy remembers them. */
export function keepPassword(call: CognitoCall, pool: Pool, user: User, password: string, { temporary }: { temporary: boolean }): void {
  const before = passwords.get(call, pool.Id, user.sub)
  const hash = hashPassword(call, password)
  const { salt, verifier } = makeVerifier(call, pool, user.Username, password)
  const history = before === undefined ? [] : remembered(before).slice(0, historySize(pool))
  const kept: Password = { hash, salt, verifier, temporary, set: call.now, ...(history.length === 0 ? {} : { history }) }
  passwords.put(call, pool.Id, user.sub, kept)
}

/** False too for a user without a password. */
export function checkPassword(call: CognitoCall, pool: Pool, user: User, password: string): boolean {
  const known = passwords.get(call, pool.Id, user.sub)
  if (known === undefined) return false
  if (known.imported === undefined) return verifyPassword(call, password, known.hash)
  if (!verifyImported(call, known.imported, known.hash, password)) return false
  // From its first use on it is kept like any other, so that it can be proven by SRP too.
  keepPassword(call, pool, user, password, { temporary: false })
  return true
}

/** (?) The service's text for a password used before (cognito-facts 97). */
const USED_BEFORE = 'Password has previously been used'

/** What every new password of a user must keep: the pool's policy and the user's history. */
export function requireNewPassword(call: CognitoCall, pool: Pool, user: User, password: string): void {
  requirePolicy(call, pool, password)
  requireSafePassword(call, { pool }, password, 'PASSWORD_CHANGE')
  const size = historySize(pool)
  const known = size === 0 ? undefined : passwords.get(call, pool.Id, user.sub)
  if (known === undefined) return
  for (const hash of remembered(known).slice(0, size)) {
    if (verifyPassword(call, password, hash)) call.fail('PasswordHistoryPolicyViolationException', USED_BEFORE)
  }
}

const DAY = 86_400_000
const DEFAULT_VALIDITY = 7

/** Whether a temporary password is too old to sign in with: 0 days are read as 7 (P2); the older name of the setting is in AdminCreateUserConfig. */
export function expired(call: CognitoCall, pool: Pool, password: Password): boolean {
  if (!password.temporary) return false
  const days = policyOf(pool).TemporaryPasswordValidityDays ?? pool.AdminCreateUserConfig?.UnusedAccountValidityDays ?? DEFAULT_VALIDITY
  return call.now >= password.set + (days === 0 ? DEFAULT_VALIDITY : days) * DAY
}

function historySize(pool: Pool): number {
  return policyOf(pool).PasswordHistorySize ?? 0
}

/** (?) Whether a temporary password counts among those that may not be used again; the policy speaks of the user's previous ones. */
const TEMPORARY_COUNTS = true

/** The present one and those before it, the latest first; a hash of another form is not remembered. */
function remembered({ hash, history = [], imported, temporary }: Password): string[] {
  const counts = imported === undefined && (TEMPORARY_COUNTS || !temporary)
  return [...(counts ? [hash] : []), ...history]
}

import type { Call } from '../../../core/call.ts'
import { credentials } from '../../../directory/credentials.ts'
import type { YandexCall } from '../../call.ts'
import { type Pool, passwords, type User } from '../../records.ts'
import { blockOf } from '../applications/entry.ts'
import { expiryOf, verify } from './passwords.ts'
import { byUsername } from './users.ts'

/** Failures of late, and until when the user is locked out, in epoch milliseconds. */
interface Attempts {
  failures: number[]
  blockedUntil: number
}

const attempts = credentials<Attempts>('sign-in-attempts')

/** What was tried: passwords, or second factors, which a right password does not make forgotten. */
type Tried = '' | 'factor'

/** (?) Whatever is wrong with name or password is said in the same words. */
const WRONG = 'Invalid username or password'

/**
 * A user by login name and password: active, not expired, not locked out (that order is a guess, yandex-idp 14). A temporary or expired
 * password lets in too, but only to change it.
 */
export function signIn(call: YandexCall, username: string, password: string): { user: User; mustChange: boolean } {
  const user = byUsername(call, username) ?? call.fail('UNAUTHENTICATED', WRONG)
  const pool = call.pool(user.userpoolId)

  const known = requireUnlocked(call, pool, user)
  if (!verify(call, user, password)) {
    call.afterRefusal((after) => countFailure(after, pool, user))
    call.fail('UNAUTHENTICATED', WRONG)
  }
  const block = blockOf(call, user)
  if (block !== undefined) call.fail('UNAUTHENTICATED', block)

  const kept = passwords.get(call, pool.id, user.id) ?? call.fail('UNAUTHENTICATED', WRONG)
  if (known !== undefined) attempts.remove(call, pool.id, user.id)
  passwords.put(call, pool.id, user.id, { ...kept, lastUsage: { usedAt: call.timestamp, ipAddress: call.origin.ip ?? '' } })
  const expiry = expiryOf(pool, kept)
  return { user, mustChange: kept.type === 'TEMPORARY' || (expiry !== undefined && Date.parse(expiry) <= call.now) }
}

/** What has failed of late, of somebody who is not locked out. */
export function requireUnlocked(call: YandexCall, pool: Pool, user: User, tried: Tried = ''): Attempts | undefined {
  const known = attempts.get(call, pool.id, user.id, tried)
  if (known !== undefined && known.blockedUntil > call.now) call.fail('UNAUTHENTICATED', 'Too many attempts; try again later')
  return known
}

/** After so many failures within the window the user is locked out for a while; 0 attempts switch that off (yandex-idp 5 and 11). */
export function countFailure(call: Call, pool: Pool, user: User, tried: Tried = ''): void {
  const known = attempts.get(call, pool.id, user.id, tried)
  const { attempts: most = '0', window = '0s', block = '0s' } = pool.bruteforceProtectionPolicy ?? {}
  if (most === '0') return
  const failures = [...(known?.failures ?? []).filter((at) => at > call.now - milliseconds(window)), call.now]
  const blocked = failures.length >= Number(most)
  attempts.put(
    call,
    pool.id,
    user.id,
    blocked ? { failures: [], blockedUntil: call.now + milliseconds(block) } : { failures, blockedUntil: 0 },
    tried,
  )
}

/** Whoever got in has tried nothing in vain. */
export function forgetFailures(call: Call, { userpoolId, id }: User, tried: Tried): void {
  attempts.remove(call, userpoolId, id, tried)
}

function milliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * 1000
}

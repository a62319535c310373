import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { hashPassword, verifyPassword } from '../../../directory/passwords.ts'
import type { YandexCall } from '../../call.ts'
import type { PasswordHash, PasswordSpec } from '../../contract/types.ts'
import { homes, type Password, type Pool, passwords, type User, users } from '../../records.ts'
import { invalid } from '../../validation.ts'
import { keptKey } from '../kept-keys.ts'
import { timeText } from '../times.ts'
import { type HashKind, isHash, verifyHash } from './password-hashes.ts'
import { weakness } from './password-policy.ts'

type Type = Password['type']

/** Refuses a password that the pool's policies forbid; one that we generated is exempt (yandex-idp 11; code and texts are guesses). */
export function check(call: Call, pool: Pool, spec: PasswordSpec): void {
  if (spec.generationProof !== undefined) {
    if (!proves(call, spec)) {
      throw invalid([{ field: 'password_spec.generation_proof', description: 'Generation proof does not match the password' }])
    }
    return
  }
  const weak = weakness(pool, spec.password)
  if (weak !== undefined) throw invalid([{ field: 'password_spec.password', description: weak }])
}

/** A checked password, hashed. Ask late: the call is run again. */
export function fromSpec(call: YandexCall, { password }: PasswordSpec, type: Type): Password {
  const id = call.random.uuid()
  return { id, kind: 'BCRYPT', hash: hashPassword(call, password), type, createdAt: call.timestamp }
}

/** An imported hash, kept as it came. */
export function fromHash(call: YandexCall, given: PasswordHash | undefined, type: Type, field: string): Password {
  if (given === undefined) throw invalid([{ field, description: 'Field is required' }])
  const kind = given.passwordHashType as HashKind
  if (!isHash(kind, given.passwordHash)) {
    throw invalid([{ field: `${field}.password_hash`, description: `Not a hash of type ${kind}` }])
  }
  return { id: call.random.uuid(), kind, hash: given.passwordHash, type, createdAt: call.timestamp }
}

/** Whether it is the user's password, in whichever form that is kept. */
export function verify(call: Call, user: User, password: string): boolean {
  const kept = passwords.get(call, user.userpoolId, user.id)
  if (kept === undefined) return false
  return kept.kind === 'BCRYPT' ? verifyPassword(call, password, kept.hash) : verifyHash(call, kept.kind, kept.hash, password)
}

/** The caller's own account; service accounts and the demo subject have none (the code is a guess, yandex-idp 2). */
export function own(call: YandexCall): { user: User; pool: Pool; password: Password } {
  const home = homes.get(call, 'user', call.subject)
  const user = home === undefined ? undefined : users.get(call, home.parent, call.subject)
  const password = user === undefined ? undefined : passwords.get(call, user.userpoolId, user.id)
  if (user === undefined || password === undefined) call.fail('PERMISSION_DENIED', 'Only a user of a userpool has a password of its own')
  return { user, pool: call.pool(user.userpoolId), password }
}

const DAY = 86_400_000

/** When the password is too old to sign in with; undefined if the pool lets it live for ever. */
export function expiryOf(pool: Pool, password: Password): string | undefined {
  const days = Number(pool.passwordLifetimePolicy?.maxDaysCount ?? 0)
  return days === 0 ? undefined : timeText(Date.parse(password.createdAt) + days * DAY)
}

/**
 * Whether users may change their password: a temporary one always, and without naming it; another one where the pool lets them, if it
 * is old enough, and who knows it (codes are guesses, yandex-idp 11).
 */
export function requireChangeable(call: YandexCall, pool: Pool, user: User, password: Password, old: string | undefined): void {
  if (password.type === 'PERMANENT') {
    if (pool.userSettings?.allowEditSelfPassword !== true)
      call.fail('PERMISSION_DENIED', 'Userpool does not allow users to change their password')
    const days = Number(pool.passwordLifetimePolicy?.minDaysCount ?? 0)
    if (Date.parse(password.createdAt) + days * DAY > call.now) {
      call.fail('FAILED_PRECONDITION', `Password cannot be changed more often than once in ${days} days`)
    }
    if (old === undefined) throw invalid([{ field: 'old_password', description: 'Field is required' }])
  }
  if (old !== undefined && !verify(call, user, old)) throw invalid([{ field: 'old_password', description: 'Wrong password' }])
}

/** Unless similar ones are allowed, the new password must not be the last one (how far back is a guess, yandex-idp 11). */
export function requireNew(call: Call, pool: Pool, user: User, { password }: PasswordSpec): void {
  if (pool.passwordQualityPolicy?.allowSimilar !== true && verify(call, user, password)) {
    throw invalid([{ field: 'password_spec.password', description: 'Password must differ from the last one' }])
  }
}

/** What shows that a password was generated here: an HMAC over it (a guess in detail, yandex-idp 11). */
export function proofOf(call: Call, password: string): string {
  return createHmac('sha256', keptKey(call, 'generation-proof')).update(password).digest('base64url')
}

function proves(call: Call, { password, generationProof = '' }: PasswordSpec): boolean {
  const [given, made] = [Buffer.from(generationProof), Buffer.from(proofOf(call, password))]
  return given.length === made.length && timingSafeEqual(given, made)
}

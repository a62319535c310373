import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Call } from '../../core/call.ts'
import { hashPassword, verifyPassword } from '../../directory/passwords.ts'
import type { PasswordHash, PasswordSpec } from '../contract/types.ts'
import type { YandexCall } from '../operation.ts'
import { type Password, type Pool, passwords, secrets, type User } from '../records.ts'
import { invalid } from '../validation.ts'
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

/** What shows that a password was generated here: an HMAC over it (a guess in detail, yandex-idp 11). */
export function proofOf(call: Call, password: string): string {
  return createHmac('sha256', proofKey(call)).update(password).digest('base64url')
}

function proves(call: Call, { password, generationProof = '' }: PasswordSpec): boolean {
  const [given, made] = [Buffer.from(generationProof), Buffer.from(proofOf(call, password))]
  return given.length === made.length && timingSafeEqual(given, made)
}

function proofKey(call: Call): Buffer {
  const kept = secrets.get(call, '', 'generation-proof')
  if (kept !== undefined) return Buffer.from(kept.secret, 'base64')
  const key = call.random.bytes(32)
  secrets.insert(call, '', 'generation-proof', { secret: key.toString('base64') })
  return key
}

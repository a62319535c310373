import { createHmac } from 'node:crypto'
import { credentials } from '../../directory/credentials.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool, User } from '../records.ts'

/** An authenticator app's secret; the pending one waits for its first code and then takes the place of the other (cognito-facts 143). */
export interface SoftwareToken {
  secret: string
  /** As VerifySoftwareToken was told. */
  name?: string | undefined
  /** Time steps whose code was used: each works once. */
  used: number[]
}

const softwareTokens = credentials<SoftwareToken>('totp')
const PENDING = 'pending'

export function softwareToken(call: CognitoCall, pool: Pool, user: User): SoftwareToken | undefined {
  return softwareTokens.get(call, pool.Id, user.sub)
}

const SECRET_LENGTH = 52
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A new secret, good for nothing until a code of it is given. */
export function associate(call: CognitoCall, pool: Pool, user: User): string {
  const secret = call.random.text(SECRET_LENGTH, BASE32)
  softwareTokens.put(call, pool.Id, user.sub, { secret, used: [] }, PENDING)
  return secret
}

/** Takes the pending secret into use if this is a code of it; undefined if none is pending. */
export function verifyPending(
  call: CognitoCall,
  pool: Pool,
  user: User,
  { code, name }: { code: string; name: string | undefined },
): boolean | undefined {
  const pending = softwareTokens.get(call, pool.Id, user.sub, PENDING)
  if (pending === undefined) return undefined
  const step = stepOf(call, pending.secret, code)
  if (step === undefined) return false
  softwareTokens.remove(call, pool.Id, user.sub, PENDING)
  softwareTokens.put(call, pool.Id, user.sub, { secret: pending.secret, name, used: [step] })
  return true
}

/** Uses a code up: `wrong`, or `used` if it was before. */
export function useCode(call: CognitoCall, pool: Pool, user: User, token: SoftwareToken, code: string): 'right' | 'wrong' | 'used' {
  const step = stepOf(call, token.secret, code)
  if (step === undefined) return 'wrong'
  if (token.used.includes(step)) return 'used'
  softwareTokens.put(call, pool.Id, user.sub, { ...token, used: [...token.used, step].slice(-KEPT) })
  return 'right'
}

export function removeToken(call: CognitoCall, pool: Pool, user: User): boolean {
  softwareTokens.remove(call, pool.Id, user.sub, PENDING)
  return softwareTokens.remove(call, pool.Id, user.sub)
}

const STEP = 30_000
const KEPT = 10

/** (?) How many steps an app's clock may be ahead or behind; RFC 6238 recommends one. */
const DRIFT = [0, -1, 1]

/** The time step whose code this is, by this clock or by the machine's, which is what an app on a telephone goes by. */
function stepOf(call: CognitoCall, secret: string, code: string): number | undefined {
  const times = [call.now, call.context.namespace.clock.real].map((at) => Math.floor(at / STEP))
  return times.flatMap((step) => DRIFT.map((drift) => step + drift)).find((step) => totp(secret, step) === code)
}

/** RFC 6238: six digits of HMAC-SHA-1 over the step (I9). */
export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const at = digest.readUInt8(19) & 0x0f
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

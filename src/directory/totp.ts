import { createHmac } from 'node:crypto'
import type { Call } from '../core/call.ts'
import { credentials } from './credentials.ts'

/** An authenticator app's secret; the pending one waits for its first code and then takes the place of the other. */
export interface SoftwareToken {
  secret: string
  /** As its user calls it. */
  name?: string | undefined
  /** Time steps whose code was used: each works once. */
  used: number[]
}

/** Whose it is. */
interface Owner {
  pool: string
  person: string
}

const softwareTokens = credentials<SoftwareToken>('totp')
const PENDING = 'pending'

export function softwareToken(call: Call, { pool, person }: Owner): SoftwareToken | undefined {
  return softwareTokens.get(call, pool, person)
}

/** The secret that waits for its first code. */
export function pendingSecret(call: Call, { pool, person }: Owner): string | undefined {
  return softwareTokens.get(call, pool, person, PENDING)?.secret
}

const SECRET_LENGTH = 52
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A new secret, good for nothing until a code of it is given. */
export function associate(call: Call, { pool, person }: Owner): string {
  const secret = call.random.text(SECRET_LENGTH, BASE32)
  softwareTokens.put(call, pool, person, { secret, used: [] }, PENDING)
  return secret
}

/** Takes the pending secret into use if this is a code of it; undefined if none is pending. */
export function verifyPending(
  call: Call,
  { pool, person }: Owner,
  { code, name }: { code: string; name?: string | undefined },
): boolean | undefined {
  const pending = softwareTokens.get(call, pool, person, PENDING)
  if (pending === undefined) return undefined
  const step = stepOf(call, pending.secret, code)
  if (step === undefined) return false
  softwareTokens.remove(call, pool, person, PENDING)
  softwareTokens.put(call, pool, person, { secret: pending.secret, name, used: [step] })
  return true
}

/** Uses a code up: `wrong`, or `used` if it was before. */
export function useCode(call: Call, { pool, person }: Owner, token: SoftwareToken, code: string): 'right' | 'wrong' | 'used' {
  const step = stepOf(call, token.secret, code)
  if (step === undefined) return 'wrong'
  if (token.used.includes(step)) return 'used'
  softwareTokens.put(call, pool, person, { ...token, used: [...token.used, step].slice(-KEPT) })
  return 'right'
}

export function removeToken(call: Call, { pool, person }: Owner): boolean {
  softwareTokens.remove(call, pool, person, PENDING)
  return softwareTokens.remove(call, pool, person)
}

const STEP = 30_000
const KEPT = 10

/** (?) How many steps an app's clock may be ahead or behind; RFC 6238 recommends one. */
const DRIFT = [0, -1, 1]

/** The time step whose code this is, by this clock or by the machine's, which is what an app on a telephone goes by. */
function stepOf(call: Call, secret: string, code: string): number | undefined {
  const times = [call.now, call.context.namespace.clock.real].map((at) => Math.floor(at / STEP))
  return times.flatMap((step) => DRIFT.map((drift) => step + drift)).find((step) => totp(secret, step) === code)
}

/** RFC 6238: six digits of HMAC-SHA-1 over the step. */
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

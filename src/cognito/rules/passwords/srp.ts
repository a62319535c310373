import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { CognitoCall } from '../../call.ts'
import type { Pool } from '../../records.ts'
import { keysOf } from '../tokens/issuer.ts'
import { G, N, padHex, unpacked } from './srp-numbers.ts'

/** The pool's id after the region: what clients hash. */
export function poolName(pool: Pool): string {
  return pool.Id.slice(pool.Id.indexOf('_') + 1)
}

/** Salt and verifier for a new password, the verifier computed in a worker. */
export function makeVerifier(call: CognitoCall, pool: Pool, username: string, password: string): { salt: string; verifier: string } {
  const salt = newSalt(call.random.bytes(16))
  return { salt, verifier: call.ask<string>('cognito.verifier', { poolName: poolName(pool), username, password, salt }) }
}

/** A salt whose first digits no client drops or pads, however it writes numbers. */
function newSalt(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('hex')
}

const K = BigInt(
  `0x${createHash('sha256')
    .update(Buffer.from(padHex(N) + padHex(G), 'hex'))
    .digest('hex')}`,
)

/** A question put to somebody who claims to know a password, as the server remembers it; numbers are hexadecimal. */
export interface Exchange {
  A: string
  B: string
  b: string
  salt: string
  /** What the client hashes in the place of a user's name. */
  userId: string
}

/** (?) For a public number that is none, or that no honest client would choose. */
export const INVALID_SRP_A = 'Invalid SRP_A'

/** The client's public number, or undefined if it is none or would give the key away (`A mod N = 0`). */
export function readPublic(hex: string | undefined): string | undefined {
  if (hex === undefined || !/^[0-9a-f]{1,1024}$/i.test(hex)) return undefined
  return BigInt(`0x${hex}`) % N === 0n ? undefined : hex.toLowerCase()
}

/** The server's public number: k v + g^b, with the exponentiation done in a worker. */
export function openExchange(call: CognitoCall, A: string, userId: string, known: { salt: string; verifier: string }): Exchange {
  const b = call.random.bytes(32).toString('hex')
  const power = BigInt(`0x${call.ask<string>('cognito.srp-public', { b })}`)
  const B = (K * BigInt(`0x${unpacked(known.verifier)}`) + power) % N
  return { A, B: B.toString(16), b, salt: known.salt, userId }
}

/**
 * The same to look at for somebody who does not exist: the salt and the name stay the same for one name in one pool (L14), the public
 * number is drawn, and no proof will ever fit it.
 */
export function pretendExchange(call: CognitoCall, pool: Pool, A: string, username: string): Exchange {
  const fake = (use: string) => createHmac('sha256', keysOf(pool.Id).id.kid).update(`${use}\n${username}`).digest()
  const id = fake('sub').toString('hex')
  const userId = `${id.slice(0, 8)}-${id.slice(8, 12)}-70${id.slice(14, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`
  const B = BigInt(`0x${call.random.bytes(384).toString('hex')}`) % N
  return { A, B: B.toString(16), b: '', salt: newSalt(fake('salt').subarray(0, 16)), userId }
}

/**
 * Whether the client signed what it must have: names, block and time under the key that only who knows the password comes to
 * (cognito-facts 122). `group` is what stands before the user's name: the pool's, or the devices'.
 */
export function proofFits(
  call: CognitoCall,
  { A, B, b, userId }: Exchange,
  verifier: string,
  { group, responses }: { group: string; responses: Readonly<Record<string, string>> },
): boolean {
  const { PASSWORD_CLAIM_SECRET_BLOCK: block = '', PASSWORD_CLAIM_SIGNATURE: signature = '', TIMESTAMP: timestamp = '' } = responses
  const key = Buffer.from(call.ask<string>('cognito.srp-proof', { A, B, b, verifier: unpacked(verifier) }), 'hex')
  const expected = createHmac('sha256', key)
    .update(group + userId)
    .update(Buffer.from(block, 'base64'))
    .update(timestamp)
    .digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** (?) How far from now the time that a proof bears may be; the documentation speaks of a few seconds (cognito-facts 123). */
const FRESH = 5 * 60_000

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Sat Nov 21 22:04:05 UTC 2026`, near to this clock or, since clients have none but their own, to the machine's. */
export function isFresh(call: CognitoCall, timestamp: string): boolean {
  const match = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/.exec(timestamp)
  if (match === null) return false
  const [, month = '', day, hour, minute, second, year] = match
  const at = Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second))
  return [call.now, call.context.namespace.clock.real].some((now) => Math.abs(now - at) <= FRESH)
}

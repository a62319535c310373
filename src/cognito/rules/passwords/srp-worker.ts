import '../../../core/worker-manners.ts'
import { createDiffieHellman, createHash, createHmac, type DiffieHellman } from 'node:crypto'
import { G, N, packed, padHex, privateKey } from './srp-numbers.ts'

/** Runs in a worker thread: each exponentiation takes milliseconds. All numbers are hexadecimal. */
export function verifier(payload: { poolName: string; username: string; password: string; salt: string }): string {
  return packed(power(G, privateKey(payload.poolName, payload.username, payload.password, payload.salt)))
}

/** Many at once: from so many on, a table of powers of g pays for itself. */
export function verifiers(payloads: readonly Parameters<typeof verifier>[0][]): string[] {
  if (payloads.length < WORTH_A_TABLE) return payloads.map(verifier)
  return payloads.map(({ poolName, username, password, salt }) => packed(tabledPower(privateKey(poolName, username, password, salt))))
}

const WORTH_A_TABLE = 100
const BITS = 10n
let table: bigint[][] | undefined

/** g^exponent, of at most 256 bits, as a product of powers that are looked up: a multiplication for ten bits of it. */
export function tabledPower(exponent: bigint): bigint {
  table ??= powersOfG()
  const mask = (1n << BITS) - 1n
  let result = 1n
  for (let row = 0, rest = exponent; rest > 0n; row++, rest >>= BITS) {
    const digit = Number(rest & mask)
    if (digit > 0) result = (result * (table[row]?.[digit] as bigint)) % N
  }
  return result
}

function powersOfG(): bigint[][] {
  const rows: bigint[][] = []
  let base = G
  for (let row = 0; row < Math.ceil(256 / Number(BITS)); row++) {
    const powers = [1n]
    for (let digit = 1; digit < 1 << Number(BITS); digit++) powers.push(((powers[digit - 1] as bigint) * base) % N)
    rows.push(powers)
    base = ((powers.at(-1) as bigint) * base) % N
  }
  return rows
}

/** g^b */
export function publicKey({ b }: { b: string }): string {
  return power(G, BigInt(`0x${b}`)).toString(16)
}

const INFO = Buffer.concat([Buffer.from('Caldera Derived Key'), Buffer.of(1)])

/** The key both sides come to, 16 bytes: HKDF of (A v^u)^b, salted with u = H(A, B). */
export function proofKey(payload: { A: string; B: string; b: string; verifier: string }): string {
  const [A, B, b, v] = [payload.A, payload.B, payload.b, payload.verifier].map((hex) => BigInt(`0x${hex}`)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const u = createHash('sha256')
    .update(Buffer.from(padHex(A) + padHex(B), 'hex'))
    .digest('hex')
  const shared = power((A * power(v, BigInt(`0x${u}`))) % N, b)
  const prk = createHmac('sha256', Buffer.from(padHex(BigInt(`0x${u}`)), 'hex'))
    .update(Buffer.from(padHex(shared), 'hex'))
    .digest()
  return createHmac('sha256', prk).update(INFO).digest().subarray(0, 16).toString('hex')
}

/** Node 20 makes the object below in a millisecond; later versions test the prime each time, which takes longer than all it saves. */
const QUICK = Number(process.versions.node.split('.', 1)[0]) < 22
let group: DiffieHellman | undefined

/** base^exponent mod N: Diffie-Hellman computes nothing else, and six times as fast as BigInt. */
export function power(base: bigint, exponent: bigint): bigint {
  // It also refuses bases that would be weak keys; for those, and only those, the slow way is taken.
  if (!QUICK || base <= 1n || base >= N - 1n || exponent === 0n) return slowPower(base, exponent)
  group ??= createDiffieHellman(Buffer.from(N.toString(16), 'hex'), Buffer.of(Number(G)))
  group.setPrivateKey(bytes(exponent))
  return BigInt(`0x${group.computeSecret(bytes(base)).toString('hex')}`)
}

export function slowPower(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % N
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}

function bytes(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex')
}

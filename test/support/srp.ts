import { createHash, createHmac, randomBytes } from 'node:crypto'
import { G, N, padHex, privateKey } from '../../src/cognito/rules/passwords/srp-numbers.ts'

/** The client's side of SRP, for proofs that a well-meaning client would never make. */
export function srpClient(poolName: string, password: string) {
  const a = BigInt(`0x${randomBytes(32).toString('hex')}`)
  const A = power(G, a)
  const sha = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
  const k = BigInt(`0x${sha(padHex(N) + padHex(G))}`)
  return {
    SRP_A: A.toString(16),
    prove(parameters: Record<string, string>, at: Date | string, user = parameters.USER_ID_FOR_SRP as string, group = poolName) {
      const { SRP_B = '', SALT = '', SECRET_BLOCK = '' } = parameters
      const B = BigInt(`0x${SRP_B}`)
      const u = BigInt(`0x${sha(padHex(A) + padHex(B))}`)
      const inner = createHash('sha256').update(`${group}${user}:${password}`).digest('hex')
      const x = BigInt(`0x${sha(padHex(BigInt(`0x${SALT}`)) + inner)}`)
      const S = power((((B - k * power(G, x)) % N) + N) % N, a + u * x)
      const prk = createHmac('sha256', Buffer.from(padHex(u), 'hex'))
        .update(Buffer.from(padHex(S), 'hex'))
        .digest()
      const key = createHmac('sha256', prk).update('Caldera Derived Key\u0001').digest().subarray(0, 16)
      const TIMESTAMP = typeof at === 'string' ? at : timestamp(at)
      const signature = createHmac('sha256', key)
        .update(group + user)
        .update(Buffer.from(SECRET_BLOCK, 'base64'))
        .update(TIMESTAMP)
        .digest('base64')
      return { PASSWORD_CLAIM_SIGNATURE: signature, PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, TIMESTAMP }
    },
  }
}

/** What ConfirmDevice registers of a device's own password. */
export function deviceVerifier(group: string, key: string, password: string): { PasswordVerifier: string; Salt: string } {
  const salt = createHash('sha256').update(key).digest('hex').slice(0, 32)
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
  const verifier = power(G, privateKey(group, key, password, salt))
  return { PasswordVerifier: base64(padHex(verifier)), Salt: base64(padHex(BigInt(`0x${salt}`))) }
}

/** `Sat Nov 7 22:04:05 UTC 2026` */
export function timestamp(at: Date): string {
  const [weekday, day, month, year, time] = at.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base % N, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % N) {
    if ((rest & 1n) === 1n) result = (result * square) % N
  }
  return result
}

import { G, N, padHex, privateKey } from './srp.ts'

/** Runs in a worker thread: g^x mod N takes milliseconds. */
export function verifier(payload: { poolName: string; username: string; password: string; salt: string }): string {
  return padHex(power(G, privateKey(payload.poolName, payload.username, payload.password, payload.salt), N))
}

/** base^exponent mod modulus. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

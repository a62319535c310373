import type { CognitoCall } from '../../call.ts'
import type { Password } from '../../records.ts'
import { N, padHex } from '../passwords/srp-numbers.ts'

/** Forms of the hashes that a file may bring, each as its algorithm's usual text (?): the contract names the algorithms only. */
const FORMS: Record<string, RegExp> = {
  BCRYPT: /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/,
  SCRYPT: /^\$scrypt\$ln=\d{1,2},r=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/,
  ARGON2ID: /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,3}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/,
  PBKDF2_SHA256: /^\$pbkdf2-sha256\$(?:i=)?\d{1,8}(?:,l=\d{1,3})?\$[A-Za-z0-9+/.]+\$[A-Za-z0-9+/.]+$/,
}

export function isHashOf(algorithm: string, hash: string): boolean {
  return FORMS[algorithm]?.test(hash) === true
}

/**
 * A password that came as a hash keeps its form until its first use. Nobody knows a verifier for it: until then a proof by SRP fails
 * against one drawn by chance.
 */
export function importedPassword(call: CognitoCall, algorithm: string, hash: string): Password {
  const chance = BigInt(`0x${call.random.bytes(384).toString('hex')}`) % N
  return {
    hash,
    imported: algorithm,
    salt: call.random.bytes(16).toString('hex'),
    verifier: padHex(chance),
    temporary: false,
    set: call.now,
  }
}

export function verifyImported(call: CognitoCall, algorithm: string, hash: string, password: string): boolean {
  return call.ask<boolean>('cognito.imported-hash', { algorithm, hash, password })
}

import '../../../core/worker-manners.ts'
import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import { argon2id } from '@noble/hashes/argon2.js'
import bcrypt from 'bcryptjs'

/** Runs in a worker thread: whether this is the password of a hash that an import brought. */
export function verify({ algorithm, hash, password }: { algorithm: string; hash: string; password: string }): boolean {
  const check = CHECKS[algorithm]
  if (check === undefined) throw new Error(`no check for ${algorithm}`)
  return check(hash, password)
}

const CHECKS: Record<string, (hash: string, password: string) => boolean> = {
  BCRYPT: (hash, password) => bcrypt.compareSync(password, hash),
  SCRYPT(hash, password) {
    const { parameters, salt, expected } = parse(hash)
    const cost = { N: 2 ** Number(parameters.ln), r: Number(parameters.r), p: Number(parameters.p) }
    const maxmem = 256 * cost.N * cost.r
    return equal(scryptSync(password, salt, expected.length, { ...cost, maxmem }), expected)
  },
  ARGON2ID(hash, password) {
    const { parameters, salt, expected } = parse(hash)
    const cost = { m: Number(parameters.m), t: Number(parameters.t), p: Number(parameters.p), dkLen: expected.length }
    return equal(Buffer.from(argon2id(Buffer.from(password), salt, cost)), expected)
  },
  PBKDF2_SHA256(hash, password) {
    const { parameters, salt, expected } = parse(hash)
    return equal(pbkdf2Sync(password, salt, Number(parameters.i ?? parameters['']), expected.length, 'sha256'), expected)
  },
}

/** `$name$v=19$a=1,b=2$salt$hash`, the salt and hash in base64 without padding (passlib writes `.` for `+`). */
function parse(hash: string): { parameters: Record<string, string | undefined>; salt: Buffer; expected: Buffer } {
  const parts = hash.split('$')
  const [settings = '', salt = '', expected = ''] = parts.slice(-3)
  const pairs = settings.split(',').map((pair) => (pair.includes('=') ? pair.split('=', 2) : ['', pair]))
  return { parameters: Object.fromEntries(pairs) as Record<string, string>, salt: bytes(salt), expected: bytes(expected) }
}

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

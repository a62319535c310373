import { pbkdf2 } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import type { Answer } from '../../../core/namespace.ts'
import { md4 } from './md4.ts'

/** The forms in which a password may come hashed (yandex-idp 11): each is kept as it came and verified in its own way. */
export type HashKind = 'AD_MD4' | 'LDAP_PBKDF2_SHA256' | 'LDAP_PBKDF2_SHA256_OPENLDAP' | 'LDAP_PBKDF2_SHA512' | 'LDAP_PKCS5S2'

/** A stored count of rounds is somebody else's say over our processor: more than this is refused. */
const MOST_ITERATIONS = 1_000_000

interface Derivation {
  digest: 'sha1' | 'sha256' | 'sha512'
  iterations: number
  salt: Buffer
  key: Buffer
}

/** Whether it is a hash of that kind, in the layout its directory writes. */
export function isHash(kind: HashKind, hash: string): boolean {
  return kind === 'AD_MD4' ? /^[0-9a-f]{32}$/i.test(hash) : derivationOf(kind, hash) !== undefined
}

/** The rounds are asked for: they are done by the thread pool, never on the event loop. */
export function verifyHash(call: Call, kind: HashKind, hash: string, password: string): boolean {
  if (kind === 'AD_MD4') return md4(Buffer.from(password, 'utf16le')).toString('hex') === hash.toLowerCase()
  const derivation = derivationOf(kind, hash)
  if (derivation === undefined) return false
  const { digest, iterations, salt, key } = derivation
  const derived = call.ask<string>('yandex.pbkdf2', { password, salt: salt.toString('base64'), iterations, length: key.length, digest })
  return derived === key.toString('base64')
}

interface Rounds {
  password: string
  salt: string
  iterations: number
  length: number
  digest: string
}

export const hashAnswers: Record<string, Answer> = {
  'yandex.pbkdf2': ({ password, salt, iterations, length, digest }: Rounds) =>
    new Promise((resolve, reject) => {
      pbkdf2(password, Buffer.from(salt, 'base64'), iterations, length, digest, (error, key) => {
        if (error === null) resolve(key.toString('base64'))
        else reject(error)
      })
    }),
}

function derivationOf(kind: Exclude<HashKind, 'AD_MD4'>, hash: string): Derivation | undefined {
  const derivation = LAYOUTS[kind](hash)
  if (derivation === undefined) return undefined
  const { iterations } = derivation
  return Number.isInteger(iterations) && iterations >= 1 && iterations <= MOST_ITERATIONS ? derivation : undefined
}

/** The prefix that names the scheme may be left out (a guess, yandex-idp 11). */
const LAYOUTS: Record<Exclude<HashKind, 'AD_MD4'>, (hash: string) => Derivation | undefined> = {
  LDAP_PBKDF2_SHA256(hash) {
    const bytes = base64(without('{PBKDF2_SHA256}', hash))
    if (bytes?.length !== 324) return undefined
    return { digest: 'sha256', iterations: bytes.readUInt32BE(0), salt: bytes.subarray(4, 68), key: bytes.subarray(68) }
  },
  LDAP_PBKDF2_SHA256_OPENLDAP: (hash) => dollars(without('{PBKDF2-SHA256}', hash), 'sha256', 32),
  LDAP_PBKDF2_SHA512: (hash) => dollars(without('{PBKDF2-SHA512}', hash), 'sha512', 64),
  LDAP_PKCS5S2(hash) {
    const bytes = base64(without('{PKCS5S2}', hash))
    if (bytes?.length !== 48) return undefined
    return { digest: 'sha1', iterations: 10_000, salt: bytes.subarray(0, 16), key: bytes.subarray(16) }
  },
}

/** `ITERATIONS$SALT$KEY`. */
function dollars(text: string, digest: 'sha256' | 'sha512', length: number): Derivation | undefined {
  const [iterations = '', salt = '', key = '', ...rest] = text.split('$')
  const [salted, keyed] = [base64(salt), base64(key)]
  if (rest.length > 0 || !/^[1-9]\d{0,9}$/.test(iterations) || salted === undefined || keyed?.length !== length) return undefined
  return { digest, iterations: Number(iterations), salt: salted, key: keyed }
}

function without(prefix: string, hash: string): string {
  return hash.startsWith(prefix) ? hash.slice(prefix.length) : hash
}

/** Standard base64, or OpenLDAP's: `.` for `+` and no padding. */
function base64(text: string): Buffer | undefined {
  const standard = text.replaceAll('.', '+').replace(/={1,2}$/, '')
  return standard !== '' && /^[A-Za-z0-9+/]+$/.test(standard) && standard.length % 4 !== 1 ? Buffer.from(standard, 'base64') : undefined
}

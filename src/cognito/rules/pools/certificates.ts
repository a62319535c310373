import { type Keyring, type SigningKey, signingKeys } from '../../../core/keys.ts'
import { selfSigned } from '../../../core/x509.ts'
import type { CognitoCall } from '../../call.ts'
import type { Pool } from '../../records.ts'

const USES = ['signing', 'encryption'] as const
const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const YEARS_MS = 10 * YEAR_MS

/**
 * What the pool signs with as a SAML service provider. Like the keys of tokens it is of the keys that the emulator was started with, and
 * another one after `POST /_/keys/rotate`.
 */
export function samlSigningKey(call: Pick<CognitoCall, 'keyring'>, pool: Pool): SigningKey {
  return keyFor(pool, 'signing', call.keyring)
}

/** The certificate of that key at present: a new one each year, each valid for ten (reference, GetSigningCertificate). */
export function signingCertificate(call: Pick<CognitoCall, 'keyring' | 'now'>, pool: Pool): string {
  const years = Math.max(0, Math.floor((call.now - made(pool)) / YEAR_MS))
  return certificateFor(pool, samlSigningKey(call, pool), made(pool) + years * YEAR_MS)
}

/** What identity providers encrypt assertions for. They hold its certificate, so it outlives the keys of tokens. */
export function samlEncryptionKey(pool: Pool): SigningKey {
  return keyFor(pool, 'encryption')
}

export function encryptionCertificate(pool: Pool): string {
  return certificateFor(pool, samlEncryptionKey(pool), made(pool))
}

function keyFor(pool: Pool, use: (typeof USES)[number], keyring?: Keyring): SigningKey {
  return signingKeys(`${pool.Id}/saml`, USES, keyring)[USES.indexOf(use)] as SigningKey
}

/** Valid for ten years, as base64 without PEM lines; made of the key and the pool alone, so the same after every restart. */
function certificateFor(pool: Pool, key: SigningKey, from: number): string {
  return selfSigned({ key, name: pool.Id, from, to: from + YEARS_MS })
}

function made(pool: Pool): number {
  return Math.floor(pool.CreationDate) * 1000
}

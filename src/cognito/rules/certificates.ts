import { type SigningKey, signingKeys } from '../../core/keys.ts'
import { selfSigned } from '../../core/x509.ts'
import type { Pool } from '../records.ts'

const USES = ['signing', 'encryption'] as const
const YEARS_MS = 10 * 365.25 * 24 * 60 * 60 * 1000

/** The pool's keys as a SAML service provider: what it signs requests with, what identity providers encrypt assertions for. */
export function samlKey(pool: Pool, use: (typeof USES)[number]): SigningKey {
  return signingKeys(`${pool.Id}/saml`, USES)[USES.indexOf(use)] as SigningKey
}

/** The certificate of such a key, valid for ten years from the making of the pool, without PEM lines. */
export function samlCertificate(pool: Pool, use: (typeof USES)[number]): string {
  const from = Math.floor(pool.CreationDate) * 1000
  return selfSigned({ key: samlKey(pool, use), name: pool.Id, from, to: from + YEARS_MS })
}

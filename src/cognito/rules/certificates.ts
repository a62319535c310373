import { type SigningKey, signingKeys } from '../../core/keys.ts'
import { selfSigned } from '../../core/x509.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool } from '../records.ts'

const USES = ['signing', 'encryption'] as const
const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const YEARS_MS = 10 * YEAR_MS

/** The pool's keys as a SAML service provider: what it signs requests with, what identity providers encrypt assertions for. */
export function samlKey(pool: Pool, use: (typeof USES)[number]): SigningKey {
  return signingKeys(`${pool.Id}/saml`, USES)[USES.indexOf(use)] as SigningKey
}

/** The certificate of such a key, valid for ten years from the making of the pool, without PEM lines. */
export function samlCertificate(pool: Pool, use: (typeof USES)[number], issued: number = made(pool)): string {
  return selfSigned({ key: samlKey(pool, use), name: pool.Id, from: issued, to: issued + YEARS_MS })
}

/** The certificate that the pool signs with at present: a new one each year (reference, GetSigningCertificate). */
export function signingCertificate(call: CognitoCall, pool: Pool): string {
  const years = Math.max(0, Math.floor((call.now - made(pool)) / YEAR_MS))
  return samlCertificate(pool, 'signing', made(pool) + years * YEAR_MS)
}

function made(pool: Pool): number {
  return Math.floor(pool.CreationDate) * 1000
}

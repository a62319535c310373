import type { Answer } from '../../core/namespace.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool } from '../records.ts'

/** What a certificate is made of; dates are epoch milliseconds. */
export interface Request {
  poolId: string
  from: number
  to: number
}

const YEAR = 365 * 86_400_000
const VALID_YEARS = 10

/** A pool's SAML certificate as base64 of its DER form. A new one is issued each year, each valid for ten (reference, GetSigningCertificate). */
export function signingCertificate(call: CognitoCall, pool: Pool): string {
  const made = Math.floor(pool.CreationDate) * 1000
  const years = Math.max(0, Math.floor((call.now - made) / YEAR))
  const from = made + years * YEAR
  return call.ask<string>('cognito.certificate', { poolId: pool.Id, from, to: from + VALID_YEARS * YEAR } satisfies Request)
}

export const certificateAnswers: Record<string, Answer> = {
  'cognito.certificate': async (request: Request) => (await import('./certificate-maker.ts')).certificate(request),
}

import { Refusal } from '../core/refusal.ts'

/** The names a call may be refused with: google.rpc.Code, with the HTTP status each is answered by (yandex-idp 3). */
export const CODES = {
  CANCELLED: { code: 1, http: 499 },
  UNKNOWN: { code: 2, http: 500 },
  INVALID_ARGUMENT: { code: 3, http: 400 },
  DEADLINE_EXCEEDED: { code: 4, http: 504 },
  NOT_FOUND: { code: 5, http: 404 },
  ALREADY_EXISTS: { code: 6, http: 409 },
  PERMISSION_DENIED: { code: 7, http: 403 },
  RESOURCE_EXHAUSTED: { code: 8, http: 429 },
  FAILED_PRECONDITION: { code: 9, http: 400 },
  ABORTED: { code: 10, http: 409 },
  OUT_OF_RANGE: { code: 11, http: 400 },
  UNIMPLEMENTED: { code: 12, http: 501 },
  INTERNAL: { code: 13, http: 500 },
  UNAVAILABLE: { code: 14, http: 503 },
  DATA_LOSS: { code: 15, http: 500 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const

export type Code = keyof typeof CODES

export interface Detail {
  '@type': string
  [member: string]: unknown
}

/** google.rpc.Status in its JSON form. */
export interface Status {
  code: number
  message: string
  details?: Detail[]
}

/** A request's field and what is wrong with it. */
export interface FieldViolation {
  field: string
  description: string
}

const TYPES = 'type.googleapis.com/google.rpc.'

/** What a caller is told of an error on any transport. A refusal's facts may hold `violations` or a `quota`; anything but a refusal is our fault. */
export function statusOf(error: unknown, requestId: string): Status & { name: Code } {
  const known = error instanceof Refusal
  const name: Code = known ? (Object.hasOwn(CODES, error.name) ? (error.name as Code) : 'INVALID_ARGUMENT') : 'INTERNAL'
  const details: Detail[] = [{ '@type': `${TYPES}RequestInfo`, requestId }]
  const violations = known ? (error.facts.violations as FieldViolation[] | undefined) : undefined
  if (violations !== undefined) details.push({ '@type': `${TYPES}BadRequest`, fieldViolations: violations })
  const quota = known ? (error.facts.quota as { subject: string; description: string }[] | undefined) : undefined
  if (quota !== undefined) details.push({ '@type': `${TYPES}QuotaFailure`, violations: quota })
  return { name, code: CODES[name].code, message: known ? error.message : 'Internal error', details }
}

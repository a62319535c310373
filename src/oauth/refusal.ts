import { Refusal } from '../core/refusal.ts'

/** The words of RFC 6749, RFC 7009 and OpenID Connect. */
export type OAuthError = (typeof WORDS)[number]

const WORDS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'invalid_token',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
  'access_denied',
  'login_required',
  'server_error',
  // Not of the standards: the redirect URI is not the client's, which nobody but a person may be told.
  'redirect_mismatch',
] as const

/** Where a browser hears of it: on a page of ours, or at the client it came from. */
export interface Heard {
  /** The client's address with the answer in it, once the client and its address are known. */
  back?: string
}

/** Refuses in the words of the protocol. `reason` is for a developer; the vendor's form of answer decides who gets to see it. */
export function refuse(error: OAuthError, reason: string, heard: Heard = {}): never {
  throw new Refusal(error, reason, { ...heard })
}

/** A refusal of the protocol's own, as opposed to one of the vendor's rules. */
export function isOAuth(refusal: Refusal): boolean {
  return WORDS.includes(refusal.name as OAuthError)
}

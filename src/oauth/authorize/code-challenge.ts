import type { OAuthClient } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

const FORM = /^[A-Za-z0-9_-]{43}$/

/** Proof Key for Code Exchange (RFC 7636), by the methods that the vendor takes. */
const codeChallenge: Check = (inquiry) => {
  const { realm, params, found } = inquiry
  const { code_challenge: challenge, code_challenge_method: method } = params
  const { challengeMethods } = realm.quirks
  if (challenge === undefined) {
    if (method !== undefined) refuseBack(inquiry, 'invalid_request', 'There is a code_challenge_method without a code_challenge.')
    if (found.responseType === 'code' && (found.client as OAuthClient).requiresPkce) {
      refuseBack(inquiry, 'invalid_request', 'The client must send a code_challenge.')
    }
    return {}
  }
  if (method === undefined) refuseBack(inquiry, 'invalid_request', 'There is a code_challenge without a code_challenge_method.')
  if (!challengeMethods.includes(method ?? '')) {
    refuseBack(inquiry, 'invalid_request', `The code_challenge_method must be ${challengeMethods.join(' or ')}.`)
  }
  if (!FORM.test(challenge)) refuseBack(inquiry, 'invalid_request', 'The code_challenge is no SHA-256 hash in base64url.')
  return { challenge }
}

export default codeChallenge

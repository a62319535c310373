import type { OAuthClient } from '../realm.ts'
import { refuse } from '../refusal.ts'
import type { Check } from './check.ts'

/** To the letter one of the client's own addresses, so that answers go nowhere else. */
const redirectUri: Check = ({ params, found }) => {
  const { redirects, defaultRedirect } = found.client as OAuthClient
  const asked = params.redirect_uri ?? defaultRedirect
  if (asked === undefined) return refuse('redirect_mismatch', 'The request names no redirect_uri and the client has no default one.')
  if (!redirects.includes(asked)) {
    const registered = redirects.length === 0 ? 'none' : redirects.join(', ')
    return refuse('redirect_mismatch', `The redirect_uri ${asked} is not one of the client's. Registered: ${registered}.`)
  }
  return { redirectUri: asked }
}

export default redirectUri

import type { Call } from '../core/call.ts'
import type { Claims } from '../core/jwt.ts'
import { authorization } from './authorize/index.ts'
import { authenticate } from './client-authentication.ts'
import { grantOf } from './grants/index.ts'
import type { OAuthClient, Realm, Tokens } from './realm.ts'
import { refuse } from './refusal.ts'
import { endSession, viaOf } from './sessions.ts'
import { type Cookie, given, type Web } from './web.ts'

/** The token endpoint: what is asked for, by whom, then what the grant says. */
export function token(call: Call, realm: Realm, request: Web): Tokens {
  const web = { ...request, form: given(request.form) }
  const { form, repeated } = web
  if (repeated.length > 0) refuse('invalid_request', `The parameter ${repeated[0]} came more than once.`)
  if (form.grant_type === undefined) return refuse('invalid_request', 'The request has no grant_type.')
  const grant = grantOf(realm, form.grant_type)
  if (grant === undefined) return refuse('unsupported_grant_type', `There is no grant ${form.grant_type} here.`)
  const client = authenticate(call, realm, web)
  if (!client.enabled) return refuse('invalid_grant', 'The client may not use these endpoints.')
  return grant.give({ call, realm, client, form })
}

const BEARER = /^bearer\s+(\S+)\s*$/i

/** What the bearer of an access token may know of its person. */
export function userInfo(call: Call, realm: Realm, { authorization: header, form }: Web): Claims {
  return realm.claims(call, BEARER.exec(header ?? '')?.[1] ?? form.access_token)
}

/** RFC 7009: who it comes from, then the token, known or not. */
export function revoke(call: Call, realm: Realm, request: Web): void {
  const web = { ...request, form: given(request.form) }
  const { token: known } = web.form
  if (web.repeated.length > 0) refuse('invalid_request', `The parameter ${web.repeated[0]} came more than once.`)
  const client = authenticate(call, realm, web)
  if (known === undefined) refuse('invalid_request', 'The request has no token.')
  realm.revoke(call, client, known)
}

/** Signs the browser out and leads it on: to an address of the client's, or to signing in anew. */
export function logout(call: Call, realm: Realm, web: Web): { to: string; cookies: Cookie[] } {
  const { client_id: id, logout_uri: uri, redirect_uri: redirect } = given(web.query)
  if (id === undefined) return refuse('invalid_request', "Required String parameter 'client_id' is not present")
  const client = realm.client(call, web, id) ?? refuse('invalid_client', `There is no client ${id} at ${web.host}.`)
  if (uri !== undefined) {
    if (!client.logouts.includes(uri)) {
      const registered = client.logouts.length === 0 ? 'none' : client.logouts.join(', ')
      return refuse('redirect_mismatch', `The logout_uri ${uri} is not one of the client's. Registered: ${registered}.`)
    }
    return partFrom(call, realm, client, web, uri)
  }
  if (redirect === undefined) return refuse('invalid_request', "Required String parameter 'redirect_uri' is not present")
  const asked = authorization(call, realm, web)
  return partFrom(call, realm, client, web, `${web.site}${realm.entrance(call, asked)}?${afresh(web, asked.scopes)}`)
}

/** What names another identity provider: whoever signed out is asked here first. */
const ELSEWHERE = ['identity_provider', 'idp_identifier']

/** The same request for whoever signs in next, with the scopes that it means. */
function afresh({ search }: Web, scopes: readonly string[]): string {
  const query = new URLSearchParams(search)
  for (const name of ELSEWHERE) query.delete(name)
  if (!query.has('scope')) query.set('scope', scopes.join(' '))
  return query.toString()
}

/** Out of the session of this browser, and of whoever else knows the person by it. */
function partFrom(call: Call, realm: Realm, client: OAuthClient, web: Web, to: string): { to: string; cookies: Cookie[] } {
  const via = viaOf(call, realm, client, web)
  // Who leaves in the middle of something does not leave it to who comes next.
  const cookies = [...endSession(call, realm, client, web), { name: realm.quirks.stepCookie, value: '' }]
  return { to: via === undefined ? to : (realm.partings?.(call, web, client, via, to) ?? to), cookies }
}

import { createHash } from 'node:crypto'
import type { Call } from '../core/call.ts'
import { type Claims, signToken } from '../core/jwt.ts'
import { collection } from '../core/records.ts'
import { Refusal } from '../core/refusal.ts'
import { tickets } from '../directory/tickets.ts'
import { type Web, withQuery } from '../oauth/web.ts'
import { keyOf } from './keys.ts'
import { ask, choose, complain, type Document, instant, posting } from './page.ts'
import type { Someone } from './people.ts'
import type { Party } from './registry.ts'

/** What a code or an access token stands for. */
interface Grant {
  client: string
  issuer: string
  someone: Someone
  scopes: readonly string[]
  redirectUri: string
  nonce?: string | undefined
  challenge?: string | undefined
}

const codes = tickets<Grant>('upstream.code')
const accesses = tickets<Grant>('upstream.access')

const CODE_LIFETIME = 60_000
const LIFETIME = 3600

export function jwks({ issuer }: Party): Claims {
  const { kid, n, e } = keyOf(issuer)
  return { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }] }
}

/** What clients may find out about us; `base` is where our endpoints lie. */
export function discovery({ issuer }: Party, base: string): Claims {
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    jwks_uri: `${base}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
  }
}

export type Answer = Document | { to: string }

/** Asks who one wants to be, and leads back with a code for them. */
export function authorize(call: Call, party: Party, web: Web): Answer {
  const { client_id: client, redirect_uri: redirectUri, response_type: type, scope = '', state } = web.query
  const reason = wrongRequest(party, client, redirectUri)
  if (reason !== undefined || redirectUri === undefined) return complain(call, web, 'invalid_request', reason ?? '')
  const back = (answer: Record<string, string | undefined>): Answer => {
    if (web.query.response_mode !== 'form_post') return { to: withQuery(redirectUri, { ...answer, state }) }
    const pairs = Object.entries({ ...answer, state }).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return posting(call, party, web, redirectUri, Object.fromEntries(pairs))
  }
  // Some providers tell nothing of a person in an address.
  const mode = web.query.response_mode ?? 'query'
  if (party.introduces === true && scope !== '' && mode !== 'form_post') {
    return complain(call, web, 'invalid_request', 'response_mode must be form_post when name or email scope is requested.')
  }
  if (mode !== 'query' && mode !== 'form_post') {
    return back({ error: 'invalid_request', error_description: 'The response_mode must be query or form_post.' })
  }
  if (type !== 'code') return back({ error: 'unsupported_response_type', error_description: 'The response_type must be code.' })
  const { code_challenge: challenge, code_challenge_method: method, nonce } = web.query
  if (challenge !== undefined && method !== 'S256') {
    return back({ error: 'invalid_request', error_description: 'The code_challenge_method must be S256.' })
  }
  // Facebook's scopes stand between commas.
  const scopes = scope.split(/[ ,]+/).filter((name) => name !== '')
  if (party.asksForOpenid && !scopes.includes('openid')) {
    return back({ error: 'invalid_scope', error_description: 'The scope must name openid.' })
  }
  const { issuer } = party
  const codeFor = (someone: Someone) => {
    const code = call.random.bytes(24).toString('base64url')
    const doc: Grant = { client: party.client, issuer, someone, scopes, redirectUri, nonce, challenge }
    codes.issue(call, code, { pool: issuer, expires: call.now + CODE_LIFETIME, doc })
    return back({ code, user: introduction(call, party, someone, scopes) })
  }
  if (web.method === 'GET') {
    const known = instant(call, party, web)
    return known === undefined ? ask(call, party, web) : codeFor(known)
  }
  const chosen = choose(call, party, web)
  if ('wrong' in chosen) return ask(call, party, web, chosen.wrong)
  if ('denied' in chosen) {
    return back(
      party.introduces === true
        ? { error: 'user_cancelled_authorize' }
        : { error: 'access_denied', error_description: 'The person refused.' },
    )
  }
  return codeFor(chosen.someone)
}

/** Whom a client has been told of already. */
const introductions = collection<{ id: string }>('upstream.introduction')

/** Name and address of somebody who comes to this client for the first time, where clients hear of them so. */
function introduction(call: Call, party: Party, { id, claims }: Someone, scopes: readonly string[]): string | undefined {
  const place = `${party.issuer} ${party.client}`
  if (party.introduces !== true || introductions.get(call, place, id) !== undefined) return undefined
  introductions.put(call, place, id, { id })
  const [first = '', ...rest] = String(claims.name ?? '').split(' ')
  const name = {
    firstName: claims.firstName ?? claims.given_name ?? first,
    lastName: claims.lastName ?? claims.family_name ?? rest.join(' '),
  }
  return JSON.stringify({
    ...(scopes.includes('name') ? { name } : {}),
    ...(scopes.includes('email') ? { email: claims.email } : {}),
  })
}

/** Nobody is led to an address that is not the party's. */
function wrongRequest(party: Party, client: string | undefined, redirectUri: string | undefined): string | undefined {
  if (client !== party.client) return `The client_id ${client ?? ''} is not the one of this provider, ${party.client}.`
  if (redirectUri === undefined || !party.mayReturn(redirectUri))
    return `The redirect_uri ${redirectUri ?? ''} is not one of the user pool's.`
  return undefined
}

/** A code for tokens (RFC 6749, 4.1.3), by form or, for the one provider that wants it, by address. */
export function token(call: Call, party: Party, web: Web): Claims {
  const form = web.method === 'GET' ? web.query : web.form
  const shown = basicOf(web.authorization) ?? { id: form.client_id, secret: form.client_secret }
  if (shown.id !== party.client) throw new Refusal('invalid_client', 'The client_id is not known.')
  if (!knowsSecret(party, shown.secret)) throw new Refusal('invalid_client', 'The client_secret is wrong.')
  if (party.protocol === 'openid' && form.grant_type !== 'authorization_code') {
    throw new Refusal('unsupported_grant_type', 'The grant_type must be authorization_code.')
  }
  const ticket = form.code === undefined ? undefined : codes.find(call, form.code)
  const { doc } = ticket ?? {}
  if (ticket === undefined || doc === undefined || ticket.used !== null || ticket.expires <= call.now || doc.issuer !== party.issuer) {
    throw new Refusal('invalid_grant', 'The code is unknown, expired or used.')
  }
  if (doc.client !== party.client || doc.redirectUri !== form.redirect_uri) {
    throw new Refusal('invalid_grant', 'The code was given to another client or address.')
  }
  const { code_verifier: verifier } = form
  const proof = verifier === undefined ? undefined : createHash('sha256').update(verifier).digest('base64url')
  if (doc.challenge !== proof) throw new Refusal('invalid_grant', 'The code_verifier does not fit the code_challenge.')
  codes.use(call, ticket)

  const access = call.random.bytes(24).toString('base64url')
  accesses.issue(call, access, { pool: party.issuer, expires: call.now + LIFETIME * 1000, doc })
  const answer = { access_token: access, token_type: 'Bearer', expires_in: LIFETIME, scope: doc.scopes.join(' ') }
  return party.protocol === 'openid' ? { ...answer, id_token: idToken(call, party, doc) } : answer
}

function knowsSecret({ secret }: Party, shown: string | undefined): boolean {
  return typeof secret === 'function' ? secret(shown ?? '') : secret === undefined || shown === secret
}

function idToken(call: Call, party: Party, { someone, scopes, nonce }: Grant): string {
  const iat = Math.floor(call.now / 1000)
  return signToken(keyOf(party.issuer), {
    ...claimsOf(party, someone, scopes),
    iss: party.issuer,
    aud: party.client,
    sub: someone.id,
    iat,
    exp: iat + LIFETIME,
    auth_time: iat,
    ...(nonce === undefined ? {} : { nonce }),
  })
}

/** What the bearer of an access token may know of its person. */
export function userInfo(call: Call, party: Party, web: Web): Claims {
  const access = /^bearer\s+(\S+)$/i.exec(web.authorization ?? '')?.[1] ?? web.query.access_token ?? web.form.access_token
  const ticket = access === undefined ? undefined : accesses.find(call, access)
  if (ticket === undefined || ticket.expires <= call.now || ticket.doc.issuer !== party.issuer) {
    throw new Refusal('invalid_token', 'The access token is unknown or expired.')
  }
  const { someone, scopes } = ticket.doc
  return { ...claimsOf(party, someone, scopes), [party.subject]: someone.id }
}

/** Claims that are told only to who asks for their scope (OpenID Connect Core, 5.4). */
const SCOPED: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  profile: [
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'picture',
    'gender',
    'birthdate',
    'locale',
  ],
}

/** They are told beside the code. */
const NAMES = ['firstName', 'lastName', 'name']

function claimsOf({ protocol, introduces }: Party, { claims }: Someone, scopes: readonly string[]): Claims {
  if (protocol !== 'openid') return { ...claims }
  const scoped = Object.entries(SCOPED).flatMap(([scope, names]) => (scopes.includes(scope) ? [] : names))
  const hidden = introduces === true ? [...scoped, ...NAMES] : scoped
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !hidden.includes(name)))
}

function basicOf(header: string | undefined): { id: string; secret: string } | undefined {
  const coded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (coded === undefined) return undefined
  const pair = Buffer.from(coded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return { id: decodeURIComponent(pair.slice(0, colon)), secret: decodeURIComponent(pair.slice(colon + 1)) }
}

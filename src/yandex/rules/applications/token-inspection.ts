import type { Call } from '../../../core/call.ts'
import { type Claims, decode, moment, openToken } from '../../../core/jwt.ts'
import type { Ticket } from '../../../directory/tickets.ts'
import { oauthClients } from '../../application-records.ts'
import { homes } from '../../records.ts'
import { issued } from '../access/iam-tokens.ts'
import { blockOf, userById } from './entry.ts'
import { idTokenKeys, issuerOf } from './issuer.ts'
import { refreshTokens } from './oauth-tokens.ts'

interface Expectation {
  use?: string | undefined
  client?: string | undefined
  scope?: string | undefined
}

interface Inspection {
  kind: 'access' | 'id' | 'refresh'
  header?: Claims | undefined
  claims?: Claims | undefined
  problems: { rule: string; reason: string }[]
}

type Say = (rule: string, reason: string) => void

/** All that is wrong with an IAM token, or with a token that an OAuth application got; undefined if it is not of this vendor's making. */
export function inspectToken(call: Call, base: string, token: string, expected: Expectation): Inspection | undefined {
  const problems: Inspection['problems'] = []
  const say: Say = (rule, reason) => problems.push({ rule, reason })
  if (/^t1\.[\w-]+\.[\w-]+$/.test(token)) {
    const found = issued.find(call, token)
    if (found === undefined) say('unknown', 'It has the form of an IAM token, and none like it was issued in this namespace.')
    else ticketProblems(call, found, found.doc.grant, expected, 'access', say)
    if (found?.doc.mustChange === true) say('password', 'It is good for nothing but changing the password that it was got with.')
    const claims = found === undefined ? undefined : { sub: found.person, ...found.doc.grant, exp: found.expires / 1000 }
    return { kind: 'access', claims, problems }
  }
  const refresh = refreshTokens.find(call, token)
  if (refresh !== undefined) {
    ticketProblems(call, refresh, refresh.doc, expected, 'refresh', say)
    return { kind: 'refresh', claims: { sub: refresh.person, ...refresh.doc, exp: refresh.expires / 1000 }, problems }
  }
  return inspectIdToken(call, base, token, expected, problems)
}

function inspectIdToken(
  call: Call,
  base: string,
  token: string,
  expected: Expectation,
  problems: Inspection['problems'],
): Inspection | undefined {
  const say: Say = (rule, reason) => problems.push({ rule, reason })
  const parts = token.split('.')
  const [header, claims] = parts.map(decode)
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined
  const key = idTokenKeys(call).find(({ kid }) => kid === header.kid)
  const issuer = issuerOf({ settings: call.settings, origin: { ...call.origin, base } })
  if (key === undefined && claims.iss !== issuer) return undefined

  if (header.alg !== 'RS256') say('alg', `It is signed by ${String(header.alg)}; only RS256 is taken.`)
  if (key === undefined) say('kid', `The key set has no kid ${String(header.kid)}.`)
  else if (openToken(token, [key]) === undefined)
    say('signature', 'The signature is not by the key that the header names: the token was changed.')
  if (claims.iss !== issuer) say('iss', `It names ${String(claims.iss)} as its issuer; under this address the issuer is ${issuer}.`)
  if (expected.use !== undefined && expected.use !== 'id') say('use', `It is an ID token where an ${expected.use} token is expected.`)
  const [exp, iat] = [Number(claims.exp), Number(claims.iat)]
  if (exp * 1000 <= call.now) say('exp', `It expired at ${moment(exp)}; the clock here says ${moment(call.now / 1000)}.`)
  if (iat * 1000 > call.now) say('iat', `It was issued at ${moment(iat)}, after what the clock here says: ${moment(call.now / 1000)}.`)
  clientProblems(call, String(claims.aud), expected, say)
  if (expected.scope !== undefined) say('scope', 'An ID token has no scopes; the access token beside it has.')
  userProblems(call, String(claims.sub), say)
  return { kind: 'id', header, claims, problems }
}

function ticketProblems(
  call: Call,
  { expires, revoked, person }: Ticket<unknown>,
  grant: { client: string; scopes: readonly string[] } | undefined,
  expected: Expectation,
  kind: 'access' | 'refresh',
  say: Say,
): void {
  if (expected.use !== undefined && expected.use !== kind)
    say('use', `It is a token of the kind ${kind} where an ${expected.use} token is expected.`)
  if (expires <= call.now) say('exp', `It expired at ${moment(expires / 1000)}; the clock here says ${moment(call.now / 1000)}.`)
  if (revoked !== null) say('revoked', `It was revoked at ${moment(revoked / 1000)}.`)
  if (grant !== undefined) clientProblems(call, grant.client, expected, say)
  else if (expected.client !== undefined) say('client', 'No application got it: its subject asked for it.')
  const scopes = grant?.scopes ?? []
  if (expected.scope !== undefined && !scopes.includes(expected.scope)) {
    say('scope', `Its scopes are ${scopes.join(', ')}; ${expected.scope} is not among them.`)
  }
  if (grant !== undefined || homes.get(call, 'user', person) !== undefined) userProblems(call, person, say)
}

function clientProblems(call: Call, client: string, expected: Expectation, say: Say): void {
  const home = homes.get(call, 'oauth-client', client)
  if (home === undefined || oauthClients.get(call, home.parent, client) === undefined) say('client', `There is no OAuth client ${client}.`)
  if (expected.client !== undefined && expected.client !== client) say('client', `It was issued to ${client}, not to ${expected.client}.`)
}

function userProblems(call: Call, id: string, say: Say): void {
  const user = userById(call, id)
  const block = user === undefined ? undefined : blockOf(call, user)
  if (user === undefined) say('sub', `There is no user ${id}.`)
  else if (block !== undefined) say('sub', `${block}: ${user.username}.`)
}

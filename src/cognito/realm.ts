import type { Call } from '../core/call.ts'
import type { Claims } from '../core/jwt.ts'
import { peekToken } from '../core/jwt.ts'
import { type OAuthClient, type Realm, refuse, type Web } from '../oauth/index.ts'
import { CognitoCall } from './call.ts'
import { pages } from './pages/index.ts'
import { links } from './pages/links.ts'
import { lookOf } from './pages/look.ts'
import { isClassicAt } from './pages/visits.ts'
import { fieldFor, wordsFor } from './pages/words.ts'
import { type Client, clientHomes, clients, domainHomes, domains, type Pool, pools, type User, users } from './records.ts'
import { grantableScopes, isCovered, unreadable, WITH_OPENID } from './rules/clients/scopes.ts'
import { knowsSecret } from './rules/clients/secret-hash.ts'
import { assumed } from './rules/factors/step-up.ts'
import { chosen } from './rules/federation/choice.ts'
import { elsewhere, landingsOf, partings, resumes } from './rules/federation/landings.ts'
import { has } from './rules/pools/tier.ts'
import { assurance, knownLevels, type Proof } from './rules/sign-in/assurance.ts'
import { isStrong, proofOf } from './rules/sign-in/page-proofs.ts'
import { admitAtOnce } from './rules/sign-in/page-sign-in.ts'
import { pageMinutes } from './rules/sign-in/session-tracking.ts'
import type { Level } from './rules/sign-in/sessions.ts'
import { callerOf } from './rules/tokens/caller.ts'
import { mintForClient } from './rules/tokens/client.ts'
import { issuerBase } from './rules/tokens/issuer.ts'
import { revokeLogin } from './rules/tokens/logins.ts'
import { mint, openLogin } from './rules/tokens/mint.ts'
import { findRefreshToken, issueRefreshToken, requireLive, rotate } from './rules/tokens/refresh.ts'
import { isReadable } from './rules/users/attributes.ts'
import { settingsOf } from './settings.ts'

/** Cognito's OAuth endpoints and pages (cognito-behaviour O, cognito-facts 185 to 200). */
export const realm: Realm = {
  room: 'cognito',
  paths: {
    authorize: '/oauth2/authorize',
    token: '/oauth2/token',
    userInfo: '/oauth2/userInfo',
    revoke: '/oauth2/revoke',
    logout: '/logout',
    error: '/error',
  },
  pages,
  links,
  quirks: {
    codeLifetime: 300,
    challengeMethods: ['S256'],
    tokenStatuses: {},
    revokeStatuses: { invalid_client: 401 },
    describesTokenErrors: false,
    // Seen in life (amplify-js#5284; stackoverflow.com/q/50264679); that there must be one is documented (guide, the token endpoint).
    redirectErrors: { other: 'unauthorized_client', none: 'invalid_request' },
    tokenContentType: 'application/json;charset=UTF-8',
    authorizationError,
    sessionCookie: (pool) => `cognito-${pool}`,
    csrfCookie: 'XSRF-TOKEN',
    stepCookie: 'cognito-fl',
    // (?) That there is one is documented (guide, managed login localization), its name is not.
    languageCookie: 'lang',
  },

  issuerBase: ({ host }, base) => issuerBase(host, base),

  client(call, web, id) {
    const found = locate(call, id)
    if (found === undefined || !isServed(call, found.pool, web)) return undefined
    return viewed(call, found)
  },

  admits(call, client, sub) {
    return users.get(call, client.pool, sub)?.Enabled === true
  },

  scopes(_call, client, asked) {
    if (asked === undefined) return client.scopes
    // (?) The rule is documented, how it is refused is not (cognito-facts 187).
    const alone = asked.find((name) => WITH_OPENID.includes(name) && !asked.includes('openid'))
    return alone === undefined ? asked : `The scope ${alone} can only be requested with openid.`
  },

  look: (call, client) => lookOf(own(call), client === undefined ? undefined : locate(call, client.id)),

  words: wordsFor,
  blames: fieldFor,

  /** English unless an address says otherwise; the classic pages have nothing else (guide, managed login localization). */
  translates: (call, web, client) => !isClassicAt(own(call), need(call, client).pool, web.host),

  /** Managed login alone does (guide, the authorize endpoint). */
  heedsPrompt: (call, web, client) => !isClassicAt(own(call), need(call, client).pool, web.host),

  /** To choose an account and to consent are for whoever is sent to a provider; they change nothing for the pool's own users (there). */
  asksAnyway(call, { client: by, prompts, params }) {
    if (!prompts.has('select_account') && !prompts.has('consent')) return false
    const { pool, client } = need(call, by)
    return chosen(call, pool, client, params) !== undefined
  },

  takesResource: (resource) => !/^http:/i.test(resource) || /^http:\/\/localhost(?![\w.-])/i.test(resource),

  entrance: () => '/login',

  resumes,

  elsewhere,

  landings: landingsOf(() => realm),

  partings,

  /** A pool of the cheapest plan passes over what is asked (guide, the authorize and login endpoints). */
  levels(call, client, asked) {
    const { pool } = need(call, client)
    return has(pool, 'ESSENTIALS') ? knownLevels(pool, asked) : undefined
  },

  suffices(call, { client: by, levels }, { id, proof }) {
    if (levels === undefined) return true
    const { pool } = need(call, by)
    const user = users.get(call, pool.Id, id)
    return user !== undefined && isStrong(own(call), pool, user, proof as Proof | undefined, levels as readonly Level[])
  },

  instant(call, { client, params, levels }) {
    const { poolhouse_user: name } = params
    if (name === undefined) return undefined
    const mine = own(call)
    if (!settingsOf(mine).instantSignIn) return refuse('invalid_request', 'poolhouse_user needs the option --cognito-instant-sign-in true.')
    const place = need(call, client)
    const user = admitAtOnce(mine, place, name)
    if (levels !== undefined) assumed({ call: mine, pool: place.pool }, user, levels as readonly Level[])
    return user.sub
  },

  grant(call, { client: by, person, scopes, nonce, levels, resource }, { refresh }) {
    const mine = own(call)
    const { pool, client } = need(call, by)
    const user = users.get(call, pool.Id, person.id) ?? refuse('invalid_grant', 'The user is gone.')
    const hidden = unreadable(client, scopes)
    if (hidden !== undefined) refuse('invalid_grant', `The client cannot read what the scope ${hidden} is about.`)
    const login = openLogin(mine, {
      pool,
      client,
      user,
      scope: scopes.join(' '),
      oauth: true,
      page: person.session,
      authTime: person.authTime,
      ...(resource === undefined ? {} : { resource }),
      ...(levels === undefined ? {} : assurance(pool, proofOf(mine, pool, user, person.proof, levels as readonly Level[]))),
    })
    const bearer = { pool, client, user, login }
    const { IdToken, AccessToken, ExpiresIn, TokenType } = mint(mine, bearer, nonce === undefined ? {} : { nonce })
    return {
      id_token: scopes.includes('openid') ? IdToken : undefined,
      access_token: AccessToken,
      refresh_token: refresh ? issueRefreshToken(mine, bearer) : undefined,
      expires_in: ExpiresIn,
      token_type: TokenType,
    }
  },

  refresh(call, by, token) {
    const mine = own(call)
    const { pool, client } = need(call, by)
    const found = findRefreshToken(mine, pool, client, token) ?? refuse('invalid_grant', 'There is no such refresh token of this client.')
    requireLive(mine, pool, found, undefined, 'Invalid Refresh Token')
    const bearer = { pool, client, user: found.user, login: found.login.doc }
    const rotated = rotate(mine, bearer, found)
    const { IdToken, AccessToken, ExpiresIn, TokenType } = mint(mine, bearer, {}, { source: 'RefreshTokens' })
    const { scope, oauth } = bearer.login
    return {
      id_token: oauth !== true || scope.split(' ').includes('openid') ? IdToken : undefined,
      access_token: AccessToken,
      refresh_token: rotated,
      expires_in: ExpiresIn,
      token_type: TokenType,
    }
  },

  clientTokens(call, by, asked, form) {
    const { pool, client } = need(call, by)
    const scopes = asked ?? by.scopes
    const metadata = metadataIn(form.aws_client_metadata)
    const { AccessToken, ExpiresIn } = mintForClient(own(call), { pool, client, scopes, metadata, resource: form.resource })
    return { access_token: AccessToken, expires_in: ExpiresIn, token_type: 'Bearer' }
  },

  claims(call, token) {
    if (token === undefined) return refuse('invalid_request', BAD_USER_INFO)
    const { client, user, login } = callerOf(own(call), token, 'openid')
    return userInfoOf(client, user, login.oauth === true ? login.scope : '')
  },

  revoke(call, by, token) {
    const mine = own(call)
    const { pool, client } = need(call, by)
    if (client.EnableTokenRevocation === false) refuse('invalid_request', 'Token revocation is not enabled for this client.')
    if (peekToken(token) !== undefined) refuse('unsupported_token_type', 'Only refresh tokens can be revoked.')
    const found = findRefreshToken(mine, pool, client, token)
    if (found !== undefined) revokeLogin(mine, found.login, { linked: false })
  },

  translate({ name, message }, at) {
    if (at === 'userInfo') return { error: 'invalid_token', description: message.includes('required scopes') ? NO_OPENID : BAD_TOKEN }
    if (at === 'authorize') return { error: 'invalid_request', description: message }
    // What a function of the pool says comes along (O17).
    return { error: 'invalid_grant', ...(/Lambda/.test(name) ? { description: message } : {}) }
  },
}

/**
 * (?) The guide has these errors in `error` (cognito-facts 186); public threads show `error=invalid_request` with
 * `error_description=invalid_scope`, so the description names the error, too. That of prompt=none is documented without one.
 */
function authorizationError(error: string): { error: string; description?: string } {
  return error === 'login_required' ? { error } : { error, description: error }
}

const BAD_USER_INFO = 'Bad OAuth2 request at UserInfo Endpoint'
const BAD_TOKEN = 'Access token is expired, disabled, or deleted, or the user has globally signed out.'
/** simov/grant#189 */
const NO_OPENID = 'Access token does not contain openid scope'

export function own(call: Call): CognitoCall {
  return new CognitoCall(call.context, 'OAuth')
}

export interface Place {
  pool: Pool
  client: Client
}

function locate(call: Call, id: string): Place | undefined {
  const home = clientHomes.get(call, '', id)
  const client = home === undefined ? undefined : clients.get(call, home.pool, id)
  const pool = home === undefined ? undefined : pools.get(call, '', home.pool)
  return client === undefined || pool === undefined ? undefined : { pool, client }
}

/** The client behind what the protocol sees of it. */
export function need(call: Call, { id }: OAuthClient): Place {
  return locate(call, id) ?? refuse('invalid_client', `There is no client ${id}.`)
}

/** A host that is somebody's domain serves the clients of its pool only; any other host serves all. */
function isServed(call: Call, pool: Pool, { host }: Web): boolean {
  const [name = ''] = host.toLowerCase().split(':')
  const prefix = /^([a-z0-9-]+)\.auth\./.exec(name)?.[1]
  if (prefix !== undefined && domains.all(call, pool.Id).some(({ Domain }) => Domain === prefix)) return true
  const custom = domainHomes.get(call, '', name)
  return custom === undefined ? prefix === undefined : custom.pool === pool.Id
}

function viewed(call: Call, { pool, client }: Place): OAuthClient {
  const mine = own(call)
  const enabled = client.AllowedOAuthFlowsUserPoolClient === true
  return {
    id: client.ClientId,
    pool: pool.Id,
    redirects: client.CallbackURLs ?? [],
    defaultRedirect: client.DefaultRedirectURI ?? (client.CallbackURLs?.length === 1 ? client.CallbackURLs[0] : undefined),
    logouts: client.LogoutURLs ?? [],
    enabled,
    flows: new Set(enabled ? client.AllowedOAuthFlows : []),
    scopes: grantableScopes(mine, pool, client),
    confidential: client.Secrets.length > 0,
    knowsSecret: (secret) => knowsSecret(client, secret),
    requiresPkce: false,
    reuseMinutes: pageMinutes(mine, pool, client.ClientId),
  }
}

/** All texts, flags too, and the user name (O10). */
function userInfoOf(client: Client, user: User, scope: string): Claims {
  const known = Object.entries(user.Attributes).filter(([name]) => isReadable(client, name) && isCovered(scope, name))
  return { sub: user.sub, ...Object.fromEntries(known), username: user.Username }
}

/** A JSON object of texts, for the functions of the pool. */
function metadataIn(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const texts =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((part) => typeof part === 'string')
    if (texts) return value as Record<string, string>
  } catch {
    // Said below, like every other form that is wrong.
  }
  return refuse('invalid_request', 'aws_client_metadata must be a JSON object of texts.')
}

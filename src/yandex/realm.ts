import type { Call } from '../core/call.ts'
import { isDomainHost, type Key, type OAuthClient, type Realm, refuse } from '../oauth/index.ts'
import { oauthApplications, oauthClients, oauthSecrets, type StoredClient, type StoredOauth } from './application-records.ts'
import { ownCall } from './call.ts'
import { WRONG_CODE, WRONG_KEY } from './pages/factors.ts'
import { pages } from './pages/index.ts'
import { LATE } from './pages/onward.ts'
import { homes } from './records.ts'
import { issued, revokeToken } from './rules/access/iam-tokens.ts'
import { barOf, blockOf, userById } from './rules/applications/entry.ts'
import { applicationOf, scopesOf, secretHash } from './rules/applications/oauth-clients.ts'
import {
  allClaims,
  claimsFor,
  findRefreshToken,
  type Grant,
  issueRefreshToken,
  mint,
  refreshTokens,
} from './rules/applications/oauth-tokens.ts'
import { IAM_DATA } from './rules/running/audit.ts'
import { suffices } from './rules/users/factors.ts'
import { byUsername } from './rules/users/users.ts'
import { askedBySaml, SESSION_MINUTES } from './saml/requests.ts'
import { settingsOf } from './settings.ts'

/** (?) How long a code is good for, in seconds: the most that OAuth advises. */
const CODE_LIFETIME = 600
/** (?) Where tokens are revoked: no documentation names it, a public client does. */
const REVOKE = '/oauth/revoke'
/** (?) The page that says what is wrong with a request whose client cannot be told. */
const ERROR_PAGE = '/auth/error'
/** (?) A client that is not who it says is told so by 401, as OAuth advises; all other refusals are 400. */
const STATUSES = { invalid_client: 401 }
/** The session's cookie is called so in life (docs: organization/concepts/sessions); (?) the names of the others are guesses. */
const COOKIES = { session: 'yc_session', csrf: 'yc-csrf', step: 'yc-step' }

/** OAuth applications of Identity Hub (yandex-idp 14). Signing out is in pages/end-session.ts. */
export const realm: Realm = {
  room: 'yandex',
  paths: {
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    userInfo: '/oauth/userinfo',
    revoke: REVOKE,
    error: ERROR_PAGE,
  },
  pages,
  quirks: {
    codeLifetime: CODE_LIFETIME,
    challengeMethods: ['S256'],
    tokenStatuses: STATUSES,
    revokeStatuses: STATUSES,
    describesTokenErrors: true,
    redirectErrors: { other: 'invalid_grant', none: 'invalid_grant' },
    tokenContentType: 'application/json; charset=utf-8',
    authorizationError: (error, reason) => ({ error, description: reason }),
    // One for all: the service's cookies belong to one session of the browser (docs: iam/concepts/authorization/cookie).
    sessionCookie: () => COOKIES.session,
    csrfCookie: COOKIES.csrf,
    stepCookie: COOKIES.step,
  },

  client(call, { host }, id) {
    // `<name>.auth.…` is another vendor's customer.
    const found = isDomainHost(host) ? undefined : locate(call, id)
    return found === undefined ? undefined : viewed(call, found)
  },

  admits(call, _client, person) {
    const user = userById(call, person)
    return user !== undefined && blockOf(call, user) === undefined
  },

  asked: askedBySaml,

  bars: (call, client, person) => barOf(call, need(call, client).application, person),

  /** Whether an enforcement of a second factor is met. (?) It is asked at sign-in alone: codes and refresh tokens of before go on. */
  suffices: (call, { client }, person) => suffices(call, client.pool, person),

  /**
   * (?) No guide knows `acr_values`: enforcements say how strongly people prove who they are, and the `acr` of the ID token what they showed.
   * A request that asks for levels is served as any other, the least that OpenID Connect Core, 15.1 wants of providers.
   */
  levels: () => undefined,

  /** (?) Whoever asks for none gets all. */
  scopes: (_call, client, asked) => asked ?? client.scopes,

  look: (_call, client) => ({ name: client === undefined ? 'Poolhouse' : 'Yandex Identity Hub', css: '', classes: {} }),

  words: ({ message }) => WORDS[message],

  entrance: () => '/auth/login',

  /** The configuration says that answers come in the query, and names no request objects; nothing tells how the service refuses others. */
  unserved({ response_mode: mode, request, request_uri: uri }) {
    if (mode !== undefined && mode !== 'query') return `Poolhouse answers in the query, not by the response_mode ${mode}.`
    return request === undefined && uri === undefined ? undefined : 'Poolhouse takes no request objects.'
  },

  instant(call, { params }) {
    const { poolhouse_user: name } = params
    if (name === undefined) return undefined
    if (settingsOf(call).instantSignIn !== true)
      return refuse('invalid_request', 'poolhouse_user needs the option --yandex-instant-sign-in true.')
    const user = byUsername(ownCall(call), name) ?? refuse('invalid_request', `There is no user ${name}.`)
    const block = blockOf(call, user)
    return block === undefined ? user.id : refuse('access_denied', block)
  },

  grant(call, { client: by, person, scopes, nonce }, { refresh }) {
    const { application } = need(call, by)
    const user = userById(call, person.id) ?? refuse('invalid_grant', 'The user is gone.')
    requireEntry(call, application, user.id)
    const grant: Grant = { client: by.id, scopes, authTime: person.authTime, nonce, proof: person.proof }
    const family = call.random.uuid()
    call.note({ event: IAM_DATA.applicationLogin })
    const { id_token, ...tokens } = mint(call, { application, user, grant, family })
    return {
      ...tokens,
      id_token,
      refresh_token: refresh ? issueRefreshToken(call, user, grant, family) : undefined,
      scope: scopes.join(' '),
    }
  },

  refresh(call, by, token, form) {
    const { application } = need(call, by)
    const found =
      findRefreshToken(call, by.id, token) ?? refuse('invalid_grant', 'There is no such refresh token of this client, or it has expired.')
    const user = userById(call, found.person) ?? refuse('invalid_grant', 'The user is gone.')
    const block = blockOf(call, user)
    if (block !== undefined) refuse('invalid_grant', `${block}.`)
    requireEntry(call, application, user.id)
    const asked = form.scope?.split(' ').filter((scope) => scope !== '')
    const more = asked?.find((scope) => !found.doc.scopes.includes(scope))
    if (more !== undefined) refuse('invalid_scope', `The scope ${more} was not granted.`)
    const grant = { ...found.doc, scopes: asked ?? found.doc.scopes }
    const { id_token, ...tokens } = mint(call, { application, user, grant, family: found.family })
    return { ...tokens, id_token, scope: grant.scopes.join(' ') }
  },

  claims(call, token) {
    if (token === undefined) return refuse('invalid_request', 'The request has no access token.')
    const found = issued.find(call, token)
    if (found === undefined || found.expires <= call.now || found.revoked !== null || found.doc.mustChange === true) {
      return refuse('invalid_token', 'The access token is invalid or has expired.')
    }
    const user = userById(call, found.person)
    const block = user === undefined ? undefined : blockOf(call, user)
    if (block !== undefined) refuse('invalid_token', `${block}.`)
    const { grant } = found.doc
    // An IAM token will do, whoever's it is: public programs ask so who they are.
    if (grant === undefined) return user === undefined ? { sub: found.person } : allClaims(user)
    const place = locate(call, grant.client)
    const unusable = place === undefined ? undefined : whyUnusable(place)
    if (user === undefined || place?.application === undefined || unusable !== undefined) {
      return refuse('invalid_token', unusable ?? 'The user or the application is gone.')
    }
    if (!grant.scopes.includes('openid')) return refuse('invalid_token', 'The access token does not have the scope openid.')
    return claimsFor(call, place.application, user, grant.scopes)
  },

  revoke(call, by, token) {
    const refresh = findRefreshToken(call, by.id, token)
    if (refresh !== undefined) {
      // RFC 7009, 2.1: the access tokens of the same grant, too.
      refreshTokens.revokeFamily(call, refresh.family)
      issued.revokeFamily(call, refresh.family)
    } else if (issued.find(call, token)?.doc.grant?.client === by.id) revokeToken(call, token)
  },

  translate({ message }, at) {
    if (at === 'userInfo') return { error: 'invalid_token', description: message }
    return { error: at === 'token' ? 'invalid_grant' : 'access_denied', description: message }
  },
}

export interface Place {
  client: StoredClient
  application: StoredOauth
}

/** A client and the application that it signs people in for. */
function locate(call: Call, id: string): { client: StoredClient; application: StoredOauth | undefined } | undefined {
  const home = homes.get(call, 'oauth-client', id)
  const client = home === undefined ? undefined : oauthClients.get(call, home.parent, id)
  if (client === undefined) return undefined
  const owner = applicationOf(call, id)
  const place = owner === undefined ? undefined : homes.get(call, 'oauth-application', owner)
  return { client, application: owner === undefined || place === undefined ? undefined : oauthApplications.get(call, place.parent, owner) }
}

/** (?) Nobody may use a client without an application, nor one that is not active, nor one of an application that is not. */
function whyUnusable({ client, application }: { client: StoredClient; application: StoredOauth | undefined }): string | undefined {
  if (application === undefined) return `The OAuth client ${client.id} belongs to no application: name it in the clientGrant of one.`
  if (application.status !== 'ACTIVE') return `The application ${application.id} is ${application.status}.`
  return client.status === 'ACTIVE' ? undefined : `The OAuth client ${client.id} is ${client.status}.`
}

/** A client that may be used. */
export function need(call: Call, { id }: Pick<OAuthClient, 'id'>): Place {
  const found = locate(call, id) ?? refuse('invalid_client', `There is no client ${id}.`)
  const { client, application } = found
  const unusable = whyUnusable(found)
  if (unusable !== undefined || application === undefined) return refuse('unauthorized_client', unusable ?? '')
  return { client, application }
}

function requireEntry(call: Call, application: StoredOauth, user: string): void {
  const bar = barOf(call, application, user)
  if (bar !== undefined) refuse('invalid_grant', bar.reason)
}

/** What the pages say in their own language. */
const WORDS: Readonly<Record<string, Key>> = {
  'Invalid username or password': 'wrongPassword',
  [WRONG_CODE]: 'wrongCode',
  [WRONG_KEY]: 'passkeyFailed',
  [LATE]: 'factorLate',
}

const METHODS = { client_secret_basic: 'basic', client_secret_post: 'post' } as const

function viewed(call: Call, found: { client: StoredClient; application: StoredOauth | undefined }): OAuthClient {
  const { client, application } = found
  const { id, redirectUris = [], postLogoutRedirectUris = [], authenticationMethods = [], pkceRequired } = client
  const methods = authenticationMethods.flatMap((method) => METHODS[method as keyof typeof METHODS] ?? [])
  return {
    id,
    pool: application?.organizationId ?? '',
    unusable: whyUnusable(found),
    redirects: redirectUris,
    logouts: postLogoutRedirectUris,
    enabled: true,
    flows: new Set(['code']),
    scopes: scopesOf(client, application),
    confidential: methods.length > 0,
    authentication: new Set(methods),
    knowsSecret: (secret) => {
      const hash = secretHash(secret)
      return oauthSecrets.all(call, id).some((kept) => kept.hash === hash)
    },
    requiresPkce: pkceRequired === true,
    reuseMinutes: SESSION_MINUTES,
  }
}

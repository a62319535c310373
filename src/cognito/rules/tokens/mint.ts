import { createHash } from 'node:crypto'
import { type Claims, signToken } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { isCovered } from '../clients/scopes.ts'
import { touchSession, trackLogin } from '../sign-in/user-sessions.ts'
import { shapeTokens, type TokenSource } from '../triggers/tokens.ts'
import { isReadable } from '../users/attributes.ts'
import { groupClaims } from '../users/groups.ts'
import { identitiesOf } from '../users/links.ts'
import { issuerOf, keysOf } from './issuer.ts'
import { ADMIN_SCOPE, type Bearer, type Login, logins } from './logins.ts'
import { takeClaims } from './next-claims.ts'
import { validity } from './validity.ts'

/** Records that `user` has signed in; tokens are minted from it, now and at each refresh. */
export function openLogin(
  call: CognitoCall,
  {
    pool,
    client,
    user,
    ...more
  }: { pool: Pool; client: Client; user: User } & Partial<
    Pick<Login, 'scope' | 'oauth' | 'device' | 'page' | 'authTime' | 'resource' | 'acr' | 'amr'>
  >,
): Login {
  const login: Login = {
    client: client.ClientId,
    authTime: Math.floor(call.now / 1000),
    eventId: call.random.uuid(),
    originJti: call.random.uuid(),
    scope: ADMIN_SCOPE,
    ends: call.now + validity(client).refresh * 1000,
    ...more,
  }
  const expires = Math.max(login.ends, call.now + validity(client).access * 1000)
  logins.issue(call, login.eventId, { pool: pool.Id, person: user.sub, family: login.originJti, expires, doc: login })
  trackLogin(call, pool, user, login)
  return login
}

export interface Minted {
  AccessToken: string
  ExpiresIn: number
  TokenType: 'Bearer'
  IdToken: string
}

/** What the pool's function is told of the making of tokens. */
export interface Minting {
  source?: TokenSource
  metadata?: Readonly<Record<string, string>> | undefined
}

/** Access and ID token of a sign-in, from the user as the user is now (T1, T2, T5). `extra` is what OAuth adds to the ID token. */
export function mint(
  call: CognitoCall,
  { pool, client, user, login }: Bearer,
  extra: { nonce?: string | undefined } = {},
  { source = login.oauth === true ? 'HostedAuth' : 'Authentication', metadata }: Minting = {},
): Minted {
  const keys = keysOf(pool.Id, call.keyring)
  const iat = Math.floor(call.now / 1000)
  const lasts = validity(client)
  touchSession(call, pool, user, login)
  const occasion = { pool, client, user, source, metadata, groups: groupClaims(call, pool, user), scope: login.scope }
  const shaped = shapeTokens(call, occasion)
  const { groups, roles, preferredRole } = shaped.groups
  // Tokens of clients without revocation bear no origin_jti, their ID tokens no jti (cognito-facts 165).
  const revocable = client.EnableTokenRevocation !== false
  const common = {
    ...(revocable ? { origin_jti: login.originJti } : {}),
    event_id: login.eventId,
    ...(login.acr === undefined ? {} : { acr: login.acr }),
    ...(login.amr === undefined ? {} : { amr: login.amr }),
  }

  const access: Claims = {
    sub: user.sub,
    ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
    iss: call.issuedBy(issuerOf(call, pool)),
    ...(login.oauth === true ? { version: 2 } : {}),
    ...(login.resource === undefined ? {} : { aud: login.resource }),
    client_id: client.ClientId,
    ...common,
    token_use: 'access',
    scope: shaped.scope,
    auth_time: login.authTime,
    exp: iat + lasts.access,
    iat,
    jti: call.random.uuid(),
    username: user.Username,
    ...(login.device === undefined ? {} : { device_key: login.device }),
  }
  const { verified, attributes, identities } = claimsOf(
    user,
    (name) => isReadable(client, name) && (login.oauth !== true || isCovered(login.scope, name)),
  )
  const next = takeClaims(call, client, user)
  const AccessToken = signToken(keys.access, { ...shaped.access(access), ...next.access })
  const id: Claims = {
    ...(login.oauth === true ? { at_hash: atHash(AccessToken) } : {}),
    sub: user.sub,
    ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
    ...verified,
    iss: issuerOf(call, pool),
    'cognito:username': user.Username,
    ...(preferredRole === undefined ? {} : { 'cognito:preferred_role': preferredRole }),
    ...(roles.length > 0 ? { 'cognito:roles': roles } : {}),
    ...extra,
    aud: client.ClientId,
    ...common,
    token_use: 'id',
    auth_time: login.authTime,
    exp: iat + lasts.id,
    iat,
    ...(revocable ? { jti: call.random.uuid() } : {}),
    ...attributes,
    ...(identities === undefined ? {} : { identities }),
  }
  return {
    AccessToken,
    ExpiresIn: lasts.access,
    TokenType: 'Bearer',
    IdToken: signToken(keys.id, { ...shaped.id(id), ...next.id }),
  }
}

/** Half of the access token's hash (OpenID Connect Core, 3.1.3.6). */
function atHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

const VERIFIED = ['email_verified', 'phone_number_verified']

/** A user's attributes as an ID token states them: flags as booleans, identities as a list, all else as text (T2, A15). */
function claimsOf(user: User, may: (name: string) => boolean): { verified: Claims; attributes: Claims; identities?: unknown } {
  const verified: Claims = {}
  const attributes: Claims = {}
  for (const [name, value] of Object.entries(user.Attributes)) {
    if (name === 'identities' || !may(name)) continue
    if (VERIFIED.includes(name)) verified[name] = value === 'true'
    else attributes[name] = name === 'address' ? addressClaim(value) : value
  }
  const identities = identitiesOf(user)
  // Tokens have all of it as text (guide, the ID token); the attribute has not.
  const told = identities.map((identity) => ({ ...identity, primary: String(identity.primary), dateCreated: String(identity.dateCreated) }))
  return { verified, attributes, ...(told.length === 0 ? {} : { identities: told }) }
}

/** (?) The service wraps an address as OpenID Connect does (T2 does not say). */
function addressClaim(formatted: string): { formatted: string } {
  return { formatted }
}

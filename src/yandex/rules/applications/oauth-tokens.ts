import { createHash } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { type Claims, signToken } from '../../../core/jwt.ts'
import { type Ticket, tickets } from '../../../directory/tickets.ts'
import type { StoredOauth } from '../../application-records.ts'
import type { User } from '../../records.ts'
import { issueToken, POOL } from '../access/iam-tokens.ts'
import { factorClaims } from '../users/factors.ts'
import { groupsTold } from './entry.ts'
import { idTokenKeys, issuerOf } from './issuer.ts'

/** What came of one sign-in to an application. */
export interface Grant {
  client: string
  scopes: readonly string[]
  /** Epoch seconds. */
  authTime: number
  nonce?: string | undefined
  /** What of factors was shown (factors.ts). */
  proof?: unknown
}

/** (?) How long ID tokens and access tokens are good for, in seconds (yandex-idp 14). */
export const LIFETIME = 3600
/** (?) How long a refresh token can be used, in milliseconds, and that using it makes no new one. */
const REFRESH_LIFETIME = 30 * 86_400_000

/**
 * (?) Where people are signed out. A guide takes `end_session_endpoint` from the configuration (docs: single sign-on with Cloud.ru), and none
 * tells what it is; without a value there is no such address and the configuration names none.
 */
export const END_SESSION: string | undefined = '/oauth/logout'

/** What applications may ask for (yandex-idp 14). No address is kept of anybody, so `address` tells nothing. */
export const SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'groups']

/** Refresh tokens: opaque. One family a sign-in, with the access tokens that come of it. */
export const refreshTokens = tickets<Grant>('yandex.refresh-token')

export interface Minted {
  access_token: string
  id_token: string | undefined
  expires_in: number
  token_type: string
}

/** An ID token (RS256) if openid was asked for, and an access token, which is an IAM token of the user for the time. */
export function mint(
  call: Call,
  { application, user, grant, family }: { application: StoredOauth; user: User; grant: Grant; family: string },
): Minted {
  const { client, scopes, authTime, nonce, proof } = grant
  const { token } = issueToken(call, user.id, { grant: { client, scopes }, family, lifetime: LIFETIME * 1000 })
  const iat = Math.floor(call.now / 1000)
  const hash = createHash('sha256').update(token).digest()
  const claims: Claims = {
    iss: issuerOf(call),
    ...claimsFor(call, application, user, scopes),
    aud: client,
    iat,
    exp: iat + LIFETIME,
    auth_time: authTime,
    ...factorClaims(proof),
    ...(nonce === undefined ? {} : { nonce }),
    at_hash: hash.subarray(0, hash.length / 2).toString('base64url'),
    jti: call.random.uuid(),
  }
  const id_token = scopes.includes('openid') ? signToken(idTokenKeys(call)[0], claims) : undefined
  return { access_token: token, id_token, expires_in: LIFETIME, token_type: 'Bearer' }
}

export function issueRefreshToken(call: Call, user: User, grant: Grant, family: string): string {
  const token = call.random.bytes(48).toString('base64url')
  const { nonce: _nonce, ...doc } = grant
  refreshTokens.issue(call, token, { pool: POOL, person: user.id, family, expires: call.now + REFRESH_LIFETIME, doc })
  return token
}

/** A refresh token of this client that can still be used. */
export function findRefreshToken(call: Call, client: string, token: string): Ticket<Grant> | undefined {
  const found = refreshTokens.find(call, token)
  if (found === undefined || found.doc.client !== client) return undefined
  return found.revoked === null && found.expires > call.now ? found : undefined
}

/** What scopes tell of a user, by the names of OpenID Connect; what the user has no value of is not there (yandex-idp 14). */
export function claimsFor(call: Call, application: StoredOauth, user: User, scopes: readonly string[]): Claims {
  const has = (scope: string) => scopes.includes(scope)
  const groups = has('groups') ? groupsTold(call, application, user.id) : undefined
  const claims = {
    sub: user.id,
    ...(has('profile') ? profileOf(user) : {}),
    ...(has('email') ? { email: user.email } : {}),
    ...(has('phone') ? { phone_number: user.phoneNumber } : {}),
    ...(groups === undefined ? {} : { groups }),
  }
  return known(claims)
}

/** What an IAM token that no application asked for tells of its user. */
export function allClaims(user: User): Claims {
  return known({ sub: user.id, ...profileOf(user), email: user.email, phone_number: user.phoneNumber })
}

function profileOf({ fullName, givenName, familyName, username }: User): Claims {
  return { name: fullName, given_name: givenName, family_name: familyName, preferred_username: username }
}

function known(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

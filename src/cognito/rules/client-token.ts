import { type Claims, signToken } from '../../core/jwt.ts'
import type { CognitoCall } from '../operation.ts'
import { type Client, type Pool, resourceServers } from '../records.ts'
import { issuerOf, keysOf } from './issuer.ts'
import { shapeTokens } from './triggers/tokens.ts'
import { validity } from './validity.ts'

/**
 * The scopes a client may act under on its own: those of resource servers that it lists and that are still there (G7, O9).
 * The service's own scopes are about users.
 */
export function ownScopes(call: CognitoCall, pool: Pool, client: Client): string[] {
  const known = new Set(
    resourceServers
      .all(call, pool.Id)
      .flatMap(({ Identifier, Scopes = [] }) => Scopes.map(({ ScopeName }) => `${Identifier}/${ScopeName}`)),
  )
  return (client.AllowedOAuthScopes ?? []).filter((scope) => known.has(scope))
}

/** An access token for a client itself, without any user: no ID token, no refresh, `sub` is the client (cognito-facts 191). */
export function mintClientToken(
  call: CognitoCall,
  {
    pool,
    client,
    scopes,
    metadata,
  }: { pool: Pool; client: Client; scopes: readonly string[]; metadata?: Record<string, string> | undefined },
): { AccessToken: string; ExpiresIn: number; TokenType: 'Bearer' } {
  const iat = Math.floor(call.now / 1000)
  const lasts = validity(client).access
  const groups = { groups: [], roles: [], preferredRole: undefined }
  const shaped = shapeTokens(call, {
    pool,
    client,
    user: undefined,
    source: 'ClientCredentials',
    groups,
    scope: scopes.join(' '),
    metadata,
  })
  const claims: Claims = {
    sub: client.ClientId,
    token_use: 'access',
    scope: shaped.scope,
    auth_time: iat,
    iss: issuerOf(call, pool),
    exp: iat + lasts,
    iat,
    version: 2,
    jti: call.random.uuid(),
    client_id: client.ClientId,
  }
  return { AccessToken: signToken(keysOf(pool.Id).access, shaped.access(claims)), ExpiresIn: lasts, TokenType: 'Bearer' }
}

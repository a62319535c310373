import { type Claims, signToken } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool } from '../../records.ts'
import { shapeTokens } from '../triggers/tokens.ts'
import { issuerOf, keysOf } from './issuer.ts'
import { takeClaims } from './next-claims.ts'
import { validity } from './validity.ts'

/** An access token that a client gets for itself: its subject is the client (O9). The third version of the pool's function may shape it. */
export function mintForClient(
  call: CognitoCall,
  {
    pool,
    client,
    scopes,
    metadata,
    resource,
  }: {
    pool: Pool
    client: Client
    scopes: readonly string[]
    metadata: Readonly<Record<string, string>> | undefined
    resource: string | undefined
  },
): { AccessToken: string; ExpiresIn: number } {
  const iat = Math.floor(call.now / 1000)
  const { access: lasts } = validity(client)
  const nobody = { groups: [], roles: [], preferredRole: undefined }
  const shaped = shapeTokens(call, {
    pool,
    client,
    user: undefined,
    source: 'ClientCredentials',
    groups: nobody,
    scope: scopes.join(' '),
    metadata,
  })
  const claims: Claims = {
    sub: client.ClientId,
    token_use: 'access',
    scope: shaped.scope,
    auth_time: iat,
    iss: issuerOf(call, pool),
    ...(resource === undefined ? {} : { aud: resource }),
    exp: iat + lasts,
    iat,
    version: 2,
    jti: call.random.uuid(),
    client_id: client.ClientId,
  }
  return {
    AccessToken: signToken(keysOf(pool.Id, call.keyring).access, {
      ...shaped.access(claims),
      ...takeClaims(call, client, undefined).access,
    }),
    ExpiresIn: lasts,
  }
}

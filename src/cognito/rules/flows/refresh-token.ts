import { matchesSecretHash } from '../clients/secret-hash.ts'
import { mint } from '../tokens/mint.ts'
import { findRefreshToken, requireLive } from '../tokens/refresh.ts'
import type { Flow } from './flow.ts'

const INVALID = 'Invalid Refresh Token'

/** (?) What the service says when a client that rotates its tokens refreshes the old way (T13). */
const ROTATES = 'Refresh token rotation is enabled for this client. Use GetTokensFromRefreshToken.'

/** Two names for the same; no new refresh token comes of it (T10). */
export const refreshToken: Flow = {
  names: ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'],
  permission: 'ALLOW_REFRESH_TOKEN_AUTH',
  // (?) Worded like the password flow's (L6 has no text for it).
  off: 'REFRESH_TOKEN_AUTH flow not enabled for this client',
  requires: ['REFRESH_TOKEN'],
  ownSecretHash: true,
  start({ call, pool, client, parameters }) {
    const found = findRefreshToken(call, pool, client, parameters.REFRESH_TOKEN ?? '') ?? call.fail('NotAuthorizedException', INVALID)
    const { user, login } = found
    // The hash is made over the real user name, whatever was typed at first (L10).
    if (!matchesSecretHash(client, [user.Username, user.sub], parameters.SECRET_HASH)) {
      call.fail('NotAuthorizedException', `SecretHash does not match for the client: ${client.ClientId}`)
    }
    if (client.RefreshTokenRotation?.Feature === 'ENABLED') call.fail('NotAuthorizedException', ROTATES)
    requireLive(call, pool, found, parameters.DEVICE_KEY, INVALID)

    return { result: mint(call, { pool, client, user, login: login.doc }, {}, { source: 'RefreshTokens' }) }
  },
}

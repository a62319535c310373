import { operation } from '../operation.ts'
import { knowsSecret } from '../rules/clients/secret-hash.ts'
import { mint } from '../rules/tokens/mint.ts'
import { findRefreshToken, requireLive, rotate } from '../rules/tokens/refresh.ts'

const INVALID = 'Invalid Refresh Token.'

/** (?) Worded like a wrong hash (T11 gives no text for a wrong secret). */
const wrongSecret = (client: string) => `Unable to verify secret for client ${client}`

export default operation('GetTokensFromRefreshToken', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  if (!knowsSecret(client, input.ClientSecret)) {
    call.fail('NotAuthorizedException', wrongSecret(client.ClientId))
  }
  const found = findRefreshToken(call, pool, client, input.RefreshToken) ?? call.fail('NotAuthorizedException', INVALID)
  requireLive(call, pool, found, input.DeviceKey, INVALID)
  const bearer = { pool, client, user: found.user, login: found.login.doc }

  const RefreshToken = rotate(call, bearer, found)
  const { AccessToken, ExpiresIn, TokenType, IdToken } = mint(call, bearer, {}, { source: 'RefreshTokens', metadata: input.ClientMetadata })
  return { AuthenticationResult: { AccessToken, ExpiresIn, TokenType, RefreshToken, IdToken } }
})

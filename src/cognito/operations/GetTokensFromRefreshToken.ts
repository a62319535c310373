import { operation } from '../operation.ts'
import { findRefreshToken, requireLive, rotate } from '../rules/refresh-tokens.ts'
import { knowsSecret } from '../rules/secret-hash.ts'
import { mint } from '../rules/tokens.ts'

const INVALID = 'Invalid Refresh Token.'

export default operation('GetTokensFromRefreshToken', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  // (?) Worded like a wrong hash (T11 gives no text for a wrong secret).
  if (!knowsSecret(client, input.ClientSecret)) {
    call.fail('NotAuthorizedException', `Unable to verify secret for client ${client.ClientId}`)
  }
  const found = findRefreshToken(call, pool, client, input.RefreshToken) ?? call.fail('NotAuthorizedException', INVALID)
  requireLive(call, pool, found, input.DeviceKey, INVALID)
  const bearer = { pool, client, user: found.user, login: found.login.doc }

  const RefreshToken = rotate(call, bearer, found)
  const { AccessToken, ExpiresIn, TokenType, IdToken } = mint(call, bearer, {}, { source: 'RefreshTokens', metadata: input.ClientMetadata })
  return { AuthenticationResult: { AccessToken, ExpiresIn, TokenType, RefreshToken, IdToken } }
})

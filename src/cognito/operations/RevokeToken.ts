import { peekToken } from '../../core/jwt.ts'
import { operation } from '../operation.ts'
import { clientHomes, clients } from '../records.ts'
import { knowsSecret } from '../rules/clients/secret-hash.ts'
import { revokeLogin } from '../rules/tokens/logins.ts'
import { findRefreshToken } from '../rules/tokens/refresh.ts'

// (?) The types are declared (cognito-facts 165), the sentences are not known.
const WRONG_CLIENT = 'Invalid client'
const NOT_REVOCABLE = 'Token revocation is not enabled for this client'
const WRONG_TYPE = 'Only refresh tokens can be revoked'

export default operation('RevokeToken', (input, call) => {
  const home = clientHomes.get(call, '', input.ClientId)
  const client = home === undefined ? undefined : clients.get(call, home.pool, input.ClientId)
  if (client === undefined || !knowsSecret(client, input.ClientSecret)) return call.fail('UnauthorizedException', WRONG_CLIENT)
  if (client.EnableTokenRevocation === false) call.fail('UnsupportedOperationException', NOT_REVOCABLE)
  if (peekToken(input.Token) !== undefined) call.fail('UnsupportedTokenTypeException', WRONG_TYPE)
  const pool = call.pool(client.UserPoolId)
  const found = findRefreshToken(call, pool, client, input.Token)

  // An unknown token is as revoked as it can be (T9).
  if (found !== undefined) {
    revokeLogin(call, found.login, { linked: input.RevokeAssociatedSessions === 'LINKED' })
  }
  return {}
})

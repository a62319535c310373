import { operation } from '../operation.ts'
import { OWN_SCOPES } from '../rules/clients/oauth.ts'
import { grantableScopes } from '../rules/clients/scopes.ts'
import { knowsSecret } from '../rules/clients/secret-hash.ts'
import { CLIENT_TOKEN_FLOW } from '../rules/flows/index.ts'
import { mintForClient } from '../rules/tokens/client.ts'

// (?) What is refused is documented (API reference), the sentences are worded like those of other flows.
const wrongSecret = (client: string) => `Unable to verify secret for client ${client}`
const OFF = 'CLIENT_TOKEN_AUTH is not enabled for the client.'
const NOT_ALLOWED = (scope: string) => `The scope ${scope} is not allowed for the client.`

export default operation('GetClientToken', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  if (!knowsSecret(client, input.Secret)) {
    call.fail('NotAuthorizedException', wrongSecret(client.ClientId))
  }
  if (!(client.ExplicitAuthFlows as string[] | undefined)?.includes(CLIENT_TOKEN_FLOW)) call.fail('InvalidParameterException', OFF)
  // The service's own scopes are about users.
  const allowed = grantableScopes(call, pool, client).filter((scope) => !OWN_SCOPES.has(scope))
  const scopes = input.Scopes ?? allowed
  for (const scope of scopes) if (!allowed.includes(scope)) call.fail('InvalidParameterException', NOT_ALLOWED(scope))

  const minted = mintForClient(call, { pool, client, scopes, metadata: input.ClientMetadata, resource: undefined })
  return { ClientAuthenticationResult: { ...minted, TokenType: 'Bearer' } }
})

import { operation } from '../operation.ts'
import { byIdentifier, providerView } from '../rules/federation/providers.ts'

export default operation('GetIdentityProviderByIdentifier', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { IdentityProvider: providerView(byIdentifier(call, pool, input.IdpIdentifier)) }
})

import { operation } from '../operation.ts'
import { providers } from '../records.ts'
import { requireProvider } from '../rules/federation/providers.ts'

export default operation('DeleteIdentityProvider', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ProviderName } = requireProvider(call, pool, input.ProviderName)

  providers.remove(call, pool.Id, ProviderName)
})

import { operation } from '../operation.ts'
import { providerView, requireProvider } from '../rules/federation/providers.ts'

export default operation('DescribeIdentityProvider', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { IdentityProvider: providerView(requireProvider(call, pool, input.ProviderName)) }
})

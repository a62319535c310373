import { operation } from '../operation.ts'
import { removeDomain, requireDomain } from '../rules/pools/domains.ts'

export default operation('DeleteUserPoolDomain', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  removeDomain(call, pool, requireDomain(call, pool, input.Domain))
  return {}
})

import { operation } from '../operation.ts'
import { requireResourceServer } from '../rules/pools/resource-servers.ts'

export default operation('DescribeResourceServer', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { ResourceServer: requireResourceServer(call, pool, input.Identifier) }
})

import { operation } from '../operation.ts'
import { resourceServers } from '../records.ts'
import { requireResourceServer } from '../rules/pools/resource-servers.ts'

/** Clients keep listing its scopes, which are granted no more (G7). */
export default operation('DeleteResourceServer', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { Identifier } = requireResourceServer(call, pool, input.Identifier)

  resourceServers.remove(call, pool.Id, Identifier)
})

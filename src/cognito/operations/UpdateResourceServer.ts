import { operation } from '../operation.ts'
import { resourceServers } from '../records.ts'
import { checkScopes, requireResourceServer } from '../rules/pools/resource-servers.ts'

/** A full replacement: scopes left out are gone. */
export default operation('UpdateResourceServer', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { UserPoolId, Identifier } = requireResourceServer(call, pool, input.Identifier)
  const { Name, Scopes } = input
  checkScopes(call, Scopes)

  return { ResourceServer: resourceServers.put(call, pool.Id, Identifier, { UserPoolId, Identifier, Name, Scopes }) }
})

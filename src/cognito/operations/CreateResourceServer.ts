import { operation } from '../operation.ts'
import { resourceServers } from '../records.ts'
import { holdQuota } from '../rules/pools/quotas.ts'
import { checkScopes } from '../rules/pools/resource-servers.ts'

export default operation('CreateResourceServer', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { Identifier, Name, Scopes } = input
  checkScopes(call, Scopes)
  if (resourceServers.get(call, pool.Id, Identifier) !== undefined) {
    call.fail('InvalidParameterException', exists(Identifier, pool.Id))
  }
  holdQuota(call, 'resourceServers', () => resourceServers.count(call, pool.Id))

  return { ResourceServer: resourceServers.insert(call, pool.Id, Identifier, { UserPoolId: pool.Id, Identifier, Name, Scopes }) }
})

/** (?) As of identity providers (G3), save the period: whether there is one was not seen. */
function exists(identifier: string, pool: string): string {
  return `${identifier} already exists in user pool ${pool}.`
}

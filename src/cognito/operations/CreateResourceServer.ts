import { operation } from '../operation.ts'
import { resourceServers } from '../records.ts'
import { holdQuota } from '../rules/quotas.ts'
import { checkScopes } from '../rules/resource-servers.ts'

export default operation('CreateResourceServer', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { Identifier, Name, Scopes } = input
  checkScopes(call, Scopes)
  if (resourceServers.get(call, pool.Id, Identifier) !== undefined) {
    call.fail('InvalidParameterException', `${Identifier} already exists in user pool ${pool.Id}.`)
  }
  holdQuota(call, 'resourceServers', () => resourceServers.count(call, pool.Id))

  return { ResourceServer: resourceServers.insert(call, pool.Id, Identifier, { UserPoolId: pool.Id, Identifier, Name, Scopes }) }
})

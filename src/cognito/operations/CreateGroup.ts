import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { holdQuota } from '../rules/pools/quotas.ts'

export default operation('CreateGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  if (groups.get(call, pool.Id, input.GroupName) !== undefined) call.fail('GroupExistsException', 'A group with the name already exists')
  holdQuota(call, 'groups', () => groups.count(call, pool.Id))

  const { GroupName, Description, RoleArn, Precedence } = input
  const group = groups.insert(call, pool.Id, GroupName, {
    GroupName,
    UserPoolId: pool.Id,
    Description,
    RoleArn,
    Precedence,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
  })

  return { Group: group }
})

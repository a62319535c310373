import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { holdQuota } from '../rules/pools/quotas.ts'
import { groupsOf, requireGroup } from '../rules/users/groups.ts'
import { require } from '../rules/users/users.ts'

/** Adding somebody twice succeeds (G2). (?) The user is looked up before the group. */
export default operation('AdminAddUserToGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const group = requireGroup(call, pool, input.GroupName)
  if (!members.has(call, pool.Id, group.GroupName, user.sub)) {
    holdQuota(call, 'groupsPerUser', () => groupsOf(call, pool, user).length, 'InvalidParameterException')
  }

  members.add(call, pool.Id, group.GroupName, user.sub)
})

import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { requireGroup } from '../rules/users/groups.ts'
import { require } from '../rules/users/users.ts'

/** Removing somebody who is no member succeeds (G2). */
export default operation('AdminRemoveUserFromGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const group = requireGroup(call, pool, input.GroupName)

  members.remove(call, pool.Id, group.GroupName, user.sub)
})

import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { requireGroup } from '../rules/users/groups.ts'

export default operation('DeleteGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const group = requireGroup(call, pool, input.GroupName)

  groups.remove(call, pool.Id, group.GroupName)
  members.removeTeam(call, pool.Id, group.GroupName)
})

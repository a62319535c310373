import { operation } from '../operation.ts'
import { requireGroup } from '../rules/users/groups.ts'

export default operation('GetGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { Group: requireGroup(call, pool, input.GroupName) }
})

import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { users } from '../records.ts'
import { paged } from '../rules/paging.ts'
import { requireGroup } from '../rules/users/groups.ts'
import { userType } from '../rules/users/views.ts'

export default operation('ListUsersInGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { GroupName } = requireGroup(call, pool, input.GroupName)
  const question = ['ListUsersInGroup', pool.Id, GroupName]
  const { items, token } = paged(call, question, { token: input.NextToken, limit: input.Limit }, (range) =>
    members.people(call, pool.Id, GroupName, range),
  )

  const found = items.map(({ person }) => users.get(call, pool.Id, person)).filter((user) => user !== undefined)
  return { Users: found.map((user) => userType(user)), NextToken: token }
})

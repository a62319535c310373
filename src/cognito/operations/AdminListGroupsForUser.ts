import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { paged } from '../rules/paging.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminListGroupsForUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const question = ['AdminListGroupsForUser', pool.Id, user.sub]
  const { items, token } = paged(call, question, { token: input.NextToken, limit: input.Limit }, (range) =>
    members.teams(call, pool.Id, user.sub, { after: range.after, limit: range.limit }),
  )

  const found = items.map(({ team }) => groups.get(call, pool.Id, team)).filter((group) => group !== undefined)
  return { Groups: found, NextToken: token }
})

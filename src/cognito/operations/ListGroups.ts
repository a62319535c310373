import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { paged } from '../rules/paging.ts'

export default operation('ListGroups', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { items, token } = paged(call, ['ListGroups', pool.Id], { token: input.NextToken, limit: input.Limit }, (range) =>
    groups.page(call, pool.Id, range),
  )

  return { Groups: items, NextToken: token }
})

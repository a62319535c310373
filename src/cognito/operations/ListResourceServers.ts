import { operation } from '../operation.ts'
import { resourceServers } from '../records.ts'
import { paged } from '../rules/paging.ts'

const LARGEST_PAGE = 50

export default operation('ListResourceServers', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const asked = { token: input.NextToken, limit: input.MaxResults, largest: LARGEST_PAGE }
  const { items, token } = paged(call, ['ListResourceServers', pool.Id], asked, (range) => resourceServers.page(call, pool.Id, range))

  return { ResourceServers: items, NextToken: token }
})

import { operation } from '../operation.ts'
import { pools, replicas } from '../records.ts'
import { paged } from '../rules/paging.ts'

export default operation('ListUserPools', (input, call) => {
  const { items, token } = paged(call, ['ListUserPools'], { token: input.NextToken, limit: input.MaxResults }, (range) =>
    pools.page(call, '', range),
  )

  return {
    UserPools: items.map(({ Id, Name, LambdaConfig, LastModifiedDate, CreationDate }) => {
      const regions = replicas.all(call, Id).map(({ region }) => region)
      return { Id, Name, LambdaConfig, LastModifiedDate, CreationDate, ReplicaRegions: regions.length === 0 ? undefined : regions }
    }),
    NextToken: token,
  }
})

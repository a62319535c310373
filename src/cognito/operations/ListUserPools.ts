import type { Page } from '../../core/records.ts'
import type { CognitoCall } from '../call.ts'
import { operation } from '../operation.ts'
import { type Pool, pools, replicas } from '../records.ts'
import { paged } from '../rules/paging.ts'
import { regionOf } from '../rules/pools/identifiers.ts'

/** A region lists the pools and replicas that it has; a call that says nothing of regions, as no signed one does, sees all. */
export default operation('ListUserPools', (input, call) => {
  const question = ['ListUserPools', call.addressedRegion]
  const { items, token } = paged<Pool>(call, question, { token: input.NextToken, limit: input.MaxResults }, (range) =>
    pageHere(call, range),
  )

  return {
    UserPools: items.map(({ Id, Name, LambdaConfig, LastModifiedDate, CreationDate }) => {
      const regions = replicas.all(call, Id).map(({ region }) => region)
      return { Id, Name, LambdaConfig, LastModifiedDate, CreationDate, ReplicaRegions: regions.length === 0 ? undefined : regions }
    }),
    NextToken: token,
  }
})

/** Reads on until the page is full, each time as many as are still wanted. */
function pageHere(call: CognitoCall, { after, limit }: { after: number | undefined; limit: number }): Page<Pool> {
  const found: Pool[] = []
  let next = after
  do {
    const page = pools.page(call, '', { after: next, limit: limit - found.length })
    found.push(...page.items.filter((pool) => isHere(call, pool)))
    next = page.next
  } while (next !== undefined && found.length < limit)
  return next === undefined ? { items: found } : { items: found, next }
}

function isHere(call: CognitoCall, { Id }: Pool): boolean {
  const region = call.addressedRegion
  return region === undefined || region === regionOf(Id) || replicas.get(call, Id, region) !== undefined
}

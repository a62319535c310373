import { operation } from '../operation.ts'
import { replicas } from '../records.ts'
import { paged, slice } from '../rules/paging.ts'
import { regionOf } from '../rules/pools/identifiers.ts'
import { replicaView } from '../rules/pools/replicas.ts'

/** The primary region first, then the others in the order of being made. */
export default operation('ListUserPoolReplicas', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const all = [{ region: regionOf(pool.Id), status: 'ACTIVE' as const }, ...replicas.all(call, pool.Id)]

  const { items, token } = paged(call, ['ListUserPoolReplicas', pool.Id], { token: input.NextToken, limit: undefined }, (range) =>
    slice(all, range),
  )

  return { UserPoolReplicas: items.map((replica) => replicaView(pool, replica)), NextToken: token }
})

import { operation } from '../operation.ts'
import { replicas } from '../records.ts'
import { replicaIn, replicaView } from '../rules/pools/replicas.ts'

export default operation('UpdateUserPoolReplica', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const replica = replicaIn(call, pool, input.RegionName)

  replicas.put(call, pool.Id, replica.region, { ...replica, status: input.Status })

  return { UserPoolReplica: replicaView(pool, { ...replica, status: input.Status }) }
})

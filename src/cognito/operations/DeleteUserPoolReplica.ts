import { operation } from '../operation.ts'
import { replicas } from '../records.ts'
import { replicaIn, replicaView } from '../rules/replicas.ts'

export default operation('DeleteUserPoolReplica', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const replica = replicaIn(call, pool, input.RegionName)
  if (replica.status !== 'INACTIVE') call.fail('InvalidParameterException', `The replica in ${replica.region} is ${STILL_ACTIVE}`)

  replicas.remove(call, pool.Id, replica.region)

  return { UserPoolReplica: replicaView(pool, { ...replica, status: 'DELETING' }) }
})

/** (?) The rule is documented, the sentence is not. */
const STILL_ACTIVE = 'ACTIVE. Only an INACTIVE replica can be deleted.'

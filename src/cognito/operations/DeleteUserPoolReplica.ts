import { operation } from '../operation.ts'
import { domains, logDeliveries, replicas } from '../records.ts'
import { replicaIn, replicaView } from '../rules/pools/replicas.ts'

export default operation('DeleteUserPoolReplica', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const replica = replicaIn(call, pool, input.RegionName)
  if (replica.status !== 'INACTIVE') call.fail('InvalidParameterException', `The replica in ${replica.region} is ${STILL_ACTIVE}`)
  if (domains.all(call, pool.Id).some(({ Region }) => Region === replica.region)) call.fail('InvalidParameterException', HAS_DOMAIN)

  logDeliveries.remove(call, pool.Id, replica.region)
  replicas.remove(call, pool.Id, replica.region)

  return { UserPoolReplica: replicaView(pool, { ...replica, status: 'DELETING' }) }
})

/** (?) As of a whole pool that has a domain. */
const HAS_DOMAIN = 'User pool replica cannot be deleted. It has a domain configured that should be deleted first.'

/** (?) The rule is documented, the sentence is not. */
const STILL_ACTIVE = 'ACTIVE. Only an INACTIVE replica can be deleted.'

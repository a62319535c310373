import { operation } from '../operation.ts'
import { replicas } from '../records.ts'
import { checkTags } from '../rules/pools/checks.ts'
import { regionOf } from '../rules/pools/identifiers.ts'
import { replicaView } from '../rules/pools/replicas.ts'
import { requireFeature } from '../rules/pools/tier.ts'

export default operation('CreateUserPoolReplica', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { RegionName: region, UserPoolTags: tags = {} } = input
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region) || region.length > 32) call.fail('InvalidParameterException', noRegion(region))
  if (region === regionOf(pool.Id) || replicas.get(call, pool.Id, region) !== undefined) {
    call.fail('InvalidParameterException', alreadyThere(pool.Id, region))
  }
  requireFeature(call, pool, 'ESSENTIALS', 'Multi-Region replication')
  if (pool.KeyConfiguration?.KeyType !== 'CUSTOMER_MANAGED_KEY') call.fail('InvalidParameterException', NO_KEY)
  checkTags(call, tags)

  // It is made at once, and waits to be activated; only this answer still says that it is being made.
  replicas.insert(call, pool.Id, region, { region, status: 'INACTIVE', tags })

  return { UserPoolReplica: replicaView(pool, { region, status: 'CREATING' }) }
})

/** (?) That a key of the customer's is needed is documented (developer guide, multi-Region replication); these sentences are ours. */
const noRegion = (region: string) => `Invalid region ${region}.`
const alreadyThere = (pool: string, region: string) => `User pool ${pool} is already in ${region}.`
const NO_KEY = 'A user pool needs a customer managed key (KeyConfiguration) before it can have a replica.'

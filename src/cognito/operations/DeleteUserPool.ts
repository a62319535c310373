import { operation } from '../operation.ts'
import { domains, replicas } from '../records.ts'
import { requireNoImport } from '../rules/imports/jobs.ts'
import { removePool } from '../rules/pools/removal.ts'

export default operation('DeleteUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireNoImport(call, pool)
  if (pool.DeletionProtection === 'ACTIVE') call.fail('InvalidParameterException', PROTECTED)
  if (domains.count(call, pool.Id) > 0) call.fail('InvalidParameterException', HAS_DOMAIN)
  if (replicas.count(call, pool.Id) > 0) call.fail('InvalidParameterException', HAS_REPLICAS)

  removePool(call, pool)
})

const PROTECTED = 'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.'
const HAS_DOMAIN = 'User pool cannot be deleted. It has a domain configured that should be deleted first.'
/** (?) */
const HAS_REPLICAS = 'User pool cannot be deleted. It has replicas that should be deleted first.'

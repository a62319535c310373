import { operation } from '../operation.ts'
import { type Pool, pools } from '../records.ts'
import { patchOf } from '../rules/masks.ts'
import { DEFAULT_POLICIES, poolView, qualityPolicy, requireFreeName, UPDATABLE } from '../rules/pools/pools.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

/** A policy that is reset is the default one again. */
export default operation('UserpoolService.Update', (input, call) => {
  const pool = call.pool(input.userpoolId)

  const given = patchOf({ name: 'UserpoolService.Update', input, doc: pool, members: UPDATABLE, keep: ['name'] })
  if (given.name === null) throw invalid([{ field: 'name', description: 'Field is required' }])
  if (typeof given.name === 'string') requireFreeName(call, pool.organizationId, given.name, pool.id)

  const reset = Object.fromEntries(Object.entries(DEFAULT_POLICIES).filter(([name]) => given[name] === null))
  const change: Partial<Pool> = { ...given, ...reset, updatedAt: call.timestamp }
  if (change.passwordQualityPolicy !== undefined) change.passwordQualityPolicy = qualityPolicy(change.passwordQualityPolicy)
  return {
    description: 'Update userpool',
    metadata: { userpoolId: pool.id },
    response: poolView(call, laid(pool, change)),
    about: pool.id,
    changes: [patch(pools, pool.organizationId, pool.id, change)],
  }
})

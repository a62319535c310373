import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { drop, dropContents, patch } from '../rules/running/changes.ts'

/** A pool goes with its users and domains (a guess, yandex-idp 12). */
export default operation('UserpoolService.Delete', (input, call) => {
  const pool = call.pool(input.userpoolId)

  return {
    description: 'Delete userpool',
    metadata: { userpoolId: pool.id },
    response: {},
    about: pool.id,
    changes: [dropContents(pool), drop(pools, pool.organizationId, pool.id)],
    meanwhile: [patch(pools, pool.organizationId, pool.id, { status: 'DELETING' })],
    otherwise: [patch(pools, pool.organizationId, pool.id, { status: pool.status })],
  }
})

import { removeFiledUnder } from '../../../core/records.ts'
import type { CognitoCall } from '../../call.ts'
import { clientHomes, clients, type Pool, pools, users } from '../../records.ts'

/** A pool goes with everything in it: people with their credentials, memberships and tickets, and whatever is filed under its id. */
export function removePool(call: CognitoCall, pool: Pool): void {
  for (const { ClientId } of clients.all(call, pool.Id)) clientHomes.remove(call, '', ClientId)
  users.removeAll(call, pool.Id)
  removeFiledUnder(call, 'cognito', pool.Id)
  pools.remove(call, '', pool.Id)
}

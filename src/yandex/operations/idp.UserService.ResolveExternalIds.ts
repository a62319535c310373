import { operation } from '../operation.ts'
import { users } from '../records.ts'

/** Ids that nobody has are left out (a guess, yandex-idp 10). */
export default operation('idp.UserService.ResolveExternalIds', (input, call) => {
  const { userpoolId, externalIds = [] } = input
  const pool = call.pool(userpoolId)

  const resolvedUsers = externalIds.flatMap((externalId) => {
    const userId = users.owner(call, pool.id, 'externalId', externalId)
    return userId === undefined ? [] : [{ userId, externalId, userpoolId }]
  })

  return { resolvedUsers }
})

import { operation } from '../operation.ts'
import { laid, patchUser } from '../rules/running/changes.ts'
import { requireFreeExternalId } from '../rules/users/users.ts'

/** From now on a directory owns the user; one that is external already is refused (a guess, yandex-idp 10). */
export default operation('idp.UserService.ConvertToExternal', (input, call) => {
  const { userId, externalId } = input
  const user = call.user(userId)

  if (user.externalId !== undefined) call.fail('FAILED_PRECONDITION', `User ${userId} is already external`)
  requireFreeExternalId(call, call.pool(user.userpoolId), externalId)

  const change = { externalId, updatedAt: call.timestamp }
  return {
    description: 'Convert user to external',
    metadata: { userId, externalId },
    response: laid(user, change),
    changes: [patchUser(user, change)],
  }
})

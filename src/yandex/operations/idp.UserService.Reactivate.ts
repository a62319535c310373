import { operation } from '../operation.ts'
import { patchUser } from '../rules/running/changes.ts'

/** One that is active already stays so (a guess, yandex-idp 10). */
export default operation('idp.UserService.Reactivate', (input, call) => {
  const user = call.user(input.userId)

  return {
    description: 'Reactivate user',
    metadata: { userId: user.id },
    response: {},
    changes: [patchUser(user, { status: 'ACTIVE', updatedAt: call.timestamp })],
  }
})

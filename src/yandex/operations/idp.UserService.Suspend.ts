import { operation } from '../operation.ts'
import { patchUser } from '../rules/running/changes.ts'

/** One that is suspended already stays so; a given `expiresAt` is stored as the account's (guesses, yandex-idp 10). */
export default operation('idp.UserService.Suspend', (input, call) => {
  const user = call.user(input.userId)

  const expires = input.expiresAt === undefined ? {} : { expiresAt: input.expiresAt }
  call.note(input.reason === undefined ? {} : { reason: input.reason })

  return {
    description: 'Suspend user',
    metadata: { userId: user.id },
    response: {},
    changes: [patchUser(user, { status: 'SUSPENDED', updatedAt: call.timestamp, ...expires })],
  }
})

import { operation } from '../operation.ts'
import { dropUser, patchUser } from '../rules/running/changes.ts'

export default operation('idp.UserService.Delete', (input, call) => {
  const user = call.user(input.userId)

  return {
    description: 'Delete user',
    metadata: { userId: user.id },
    response: {},
    changes: [dropUser(user)],
    meanwhile: [patchUser(user, { status: 'DELETING' })],
    otherwise: [patchUser(user, { status: user.status })],
  }
})

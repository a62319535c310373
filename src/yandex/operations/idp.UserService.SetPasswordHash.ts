import { operation } from '../operation.ts'
import { putPassword } from '../rules/running/changes.ts'
import { fromHash } from '../rules/users/passwords.ts'

export default operation('idp.UserService.SetPasswordHash', (input, call) => {
  const user = call.user(input.userId)

  const password = fromHash(call, input.hash, input.needChange === true ? 'TEMPORARY' : 'PERMANENT', 'hash')

  return {
    description: 'Set user password hash',
    metadata: { userId: user.id },
    response: {},
    changes: [putPassword(user, password)],
  }
})

import { operation } from '../operation.ts'
import { passwordDeed } from '../rules/pools/writeback.ts'
import { check, fromSpec, requireNew } from '../rules/users/passwords.ts'

/** What an administrator sets is temporary (yandex-idp 11). */
export default operation('idp.UserService.SetOthersPassword', (input, call) => {
  const user = call.user(input.userId)
  const pool = call.pool(user.userpoolId)

  check(call, pool, input.passwordSpec)
  requireNew(call, pool, user, input.passwordSpec)

  const made = fromSpec(call, input.passwordSpec, 'TEMPORARY')
  return {
    description: 'Set user password',
    metadata: { userId: user.id },
    response: {},
    ...passwordDeed(call, user, made, input.passwordSpec),
  }
})

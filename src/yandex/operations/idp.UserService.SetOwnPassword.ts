import { operation } from '../operation.ts'
import { passwordDeed } from '../rules/pools/writeback.ts'
import { CHANGE_ONE_TIME } from '../rules/running/audit.ts'
import { check, fromSpec, own, requireChangeable, requireNew } from '../rules/users/passwords.ts'

/** For the calling user; what a user chooses is permanent (yandex-idp 11). */
export default operation('idp.UserService.SetOwnPassword', (input, call) => {
  const { user, pool, password } = own(call)

  requireChangeable(call, pool, user, password, input.oldPassword)
  check(call, pool, input.passwordSpec)
  requireNew(call, pool, user, input.passwordSpec)

  if (password.type === 'TEMPORARY') call.note({ event: CHANGE_ONE_TIME })
  const made = fromSpec(call, input.passwordSpec, 'PERMANENT')
  return {
    description: 'Set own password',
    metadata: { userId: user.id },
    response: {},
    ...passwordDeed(call, user, made, input.passwordSpec, input.oldPassword),
  }
})

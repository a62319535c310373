import { operation } from '../operation.ts'
import { NO_CONTACT, recoveryContact, requireResettable, sendReset } from '../rules/passwords/recovery.ts'
import { change, require } from '../rules/users/users.ts'

export default operation('AdminResetUserPassword', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  if (!user.Enabled) call.fail('NotAuthorizedException', 'User is disabled.')
  requireResettable(call, user)
  const contact = recoveryContact(pool, user) ?? call.fail('InvalidParameterException', NO_CONTACT)

  sendReset(call, pool, change(call, pool, user, { UserStatus: 'RESET_REQUIRED' }), contact)

  return {}
})

import { operation } from '../operation.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { requireUnconfirmed } from '../rules/users/confirmation.ts'
import { change, require } from '../rules/users/users.ts'

export default operation('AdminConfirmSignUp', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  requireUnconfirmed(call, user)

  // Attributes stay as they are: nobody has shown that they are the user's (S18).
  postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', change(call, pool, user, { UserStatus: 'CONFIRMED' }), input)

  return {}
})

import { operation } from '../operation.ts'
import { signOutEverywhere } from '../rules/tokens/logins.ts'
import { change, require } from '../rules/users/users.ts'

export default operation('AdminDisableUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  change(call, pool, user, { Enabled: false })
  // Enabling the user again does not bring tokens back (A9).
  signOutEverywhere(call, pool, user)

  return {}
})

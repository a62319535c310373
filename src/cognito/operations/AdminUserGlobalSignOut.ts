import { operation } from '../operation.ts'
import { signOutEverywhere } from '../rules/tokens/logins.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminUserGlobalSignOut', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  signOutEverywhere(call, pool, user)
  return {}
})

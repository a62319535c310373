import { operation } from '../operation.ts'
import { setPreferences } from '../rules/factors/mfa.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminSetUserMFAPreference', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  setPreferences(call, pool, user, input)
  return {}
})

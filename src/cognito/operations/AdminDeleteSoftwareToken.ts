import { operation } from '../operation.ts'
import { turnOff } from '../rules/factors/mfa.ts'
import { removeToken } from '../rules/factors/totp.ts'
import { require } from '../rules/users/users.ts'

/** (?) Without a token there is nothing to delete, and nothing declared to say so with. */
export default operation('AdminDeleteSoftwareToken', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  if (removeToken(call, pool, user)) turnOff(call, pool, user, 'SOFTWARE_TOKEN_MFA')
  return {}
})

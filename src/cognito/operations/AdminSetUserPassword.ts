import { operation } from '../operation.ts'
import { requireNewPassword, setPassword } from '../rules/passwords/passwords.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminSetUserPassword', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  requireNewPassword(call, pool, user, input.Password)

  setPassword(call, pool, user, input.Password, { temporary: input.Permanent !== true })

  return {}
})

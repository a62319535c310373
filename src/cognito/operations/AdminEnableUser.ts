import { operation } from '../operation.ts'
import { change, require } from '../rules/users/users.ts'

export default operation('AdminEnableUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  change(call, pool, user, { Enabled: true })

  return {}
})

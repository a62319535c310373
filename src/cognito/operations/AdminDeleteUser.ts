import { operation } from '../operation.ts'
import { remove, require } from '../rules/users/users.ts'

export default operation('AdminDeleteUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  remove(call, pool, user)
})

import { operation } from '../operation.ts'
import { factorsView } from '../rules/factors/auth-factors.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminGetUserAuthFactors', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  return factorsView(call, pool, user)
})

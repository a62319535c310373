import { operation } from '../operation.ts'
import { factorsView } from '../rules/factors/auth-factors.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('GetUserAuthFactors', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  return factorsView(call, pool, user)
})

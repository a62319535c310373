import { operation } from '../operation.ts'
import { callerOf, signOutEverywhere } from '../rules/tokens/tokens.ts'

export default operation('GlobalSignOut', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  signOutEverywhere(call, pool, user)
  return {}
})

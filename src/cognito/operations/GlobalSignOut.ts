import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { signOutEverywhere } from '../rules/tokens/logins.ts'

export default operation('GlobalSignOut', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  signOutEverywhere(call, pool, user)
  return {}
})

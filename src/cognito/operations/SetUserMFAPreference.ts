import { operation } from '../operation.ts'
import { setPreferences } from '../rules/factors/mfa.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('SetUserMFAPreference', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  setPreferences(call, pool, user, input)
  return {}
})

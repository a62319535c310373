import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { setSettings } from '../rules/users/settings.ts'

export default operation('SetUserSettings', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  setSettings(call, pool, user, input.MFAOptions)

  return {}
})

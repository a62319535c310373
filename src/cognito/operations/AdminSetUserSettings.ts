import { operation } from '../operation.ts'
import { setSettings } from '../rules/users/settings.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminSetUserSettings', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  setSettings(call, pool, user, input.MFAOptions)

  return {}
})

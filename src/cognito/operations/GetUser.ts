import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { readable } from '../rules/users/attributes.ts'

export default operation('GetUser', (input, call) => {
  const { client, user } = callerOf(call, input.AccessToken)

  return {
    Username: user.Username,
    UserAttributes: readable(client, user),
    MFAOptions: user.MFAOptions,
    PreferredMfaSetting: user.PreferredMfaSetting,
    UserMFASettingList: user.UserMFASettingList,
  }
})

import { operation } from '../operation.ts'
import { require } from '../rules/users/users.ts'
import { attributeList } from '../rules/users/views.ts'

export default operation('AdminGetUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  return {
    Username: user.Username,
    UserAttributes: attributeList(user),
    UserCreateDate: user.UserCreateDate,
    UserLastModifiedDate: user.UserLastModifiedDate,
    Enabled: user.Enabled,
    UserStatus: user.UserStatus,
    MFAOptions: user.MFAOptions,
    PreferredMfaSetting: user.PreferredMfaSetting,
    UserMFASettingList: user.UserMFASettingList,
  }
})

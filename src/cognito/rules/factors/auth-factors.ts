import type { CognitoCall } from '../../call.ts'
import type { GetUserAuthFactorsResponse } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { configuredFactors } from './first-factors.ts'

/** What GetUserAuthFactors and its administrator's form say of a user. */
export function factorsView(call: CognitoCall, pool: Pool, user: User): GetUserAuthFactorsResponse {
  return {
    Username: user.Username,
    PreferredMfaSetting: user.PreferredMfaSetting,
    UserMFASettingList: user.UserMFASettingList,
    ConfiguredUserAuthFactors: configuredFactors(call, pool, user),
  }
}

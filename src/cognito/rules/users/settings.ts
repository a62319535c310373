import type { CognitoCall } from '../../call.ts'
import type { MFAOptionListType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { change } from './users.ts'

const SMS = 'SMS_MFA'

/** The old way to turn SMS MFA on (one option) or off (none); it knows no other factor, and leaves those alone. */
export function setSettings(call: CognitoCall, pool: Pool, user: User, options: MFAOptionListType): void {
  for (const { DeliveryMedium, AttributeName } of options) {
    if (DeliveryMedium !== 'SMS' || AttributeName !== 'phone_number') call.fail('InvalidParameterException', NOT_SMS)
  }
  const on = options.length > 0
  if (on && user.Attributes.phone_number === undefined) call.fail('InvalidParameterException', NO_PHONE)

  const factors = [...(user.UserMFASettingList ?? []).filter((factor) => factor !== SMS), ...(on ? [SMS] : [])]
  change(call, pool, user, {
    MFAOptions: on ? options : undefined,
    UserMFASettingList: factors.length === 0 ? undefined : factors,
    PreferredMfaSetting: !on && user.PreferredMfaSetting === SMS ? undefined : user.PreferredMfaSetting,
  })
}

/** (?) The operation is documented for SMS alone; what it says to anything else is not known. */
const NOT_SMS = 'Only SMS delivery to phone_number can be configured.'

/** The sentence for a factor that cannot reach the user (cognito-behaviour M7). */
const NO_PHONE = 'User does not have delivery config set to turn on SMS_MFA'

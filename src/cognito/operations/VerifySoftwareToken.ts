import { operation } from '../operation.ts'
import { settingUp } from '../rules/factors/software-tokens.ts'
import { verifyPending } from '../rules/factors/totp.ts'

export default operation('VerifySoftwareToken', (input, call) => {
  const { pool, user, renew } = settingUp(call, input)
  const verified = verifyPending(call, pool, user, { code: input.UserCode, name: input.FriendlyDeviceName })
  if (verified === undefined) call.fail('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.')
  if (!verified) call.fail('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA')

  return { Status: 'SUCCESS', Session: renew({ verified: true }) }
})

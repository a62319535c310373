import { operation } from '../operation.ts'
import { offered } from '../rules/factors/mfa.ts'
import { settingUp } from '../rules/factors/software-tokens.ts'
import { associate } from '../rules/factors/totp.ts'

export default operation('AssociateSoftwareToken', (input, call) => {
  const { pool, user, renew } = settingUp(call, input)
  if (!offered(call, pool).includes('SOFTWARE_TOKEN_MFA')) {
    call.fail('SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool')
  }

  return { SecretCode: associate(call, pool, user), Session: renew({ verified: false }) }
})

import { operation } from '../operation.ts'
import { mfaSettings, pools } from '../records.ts'
import { checkMfaSettings, mfaView } from '../rules/pools/mfa.ts'

/** Replaces all settings of MFA: what is left out is off, MfaConfiguration included. How messages are sent stays with the pool. */
export default operation('SetUserPoolMfaConfig', (input, call) => {
  const before = call.pool(input.UserPoolId)
  checkMfaSettings(call, before, input)

  const { SmsMfaConfiguration: sms, SoftwareTokenMfaConfiguration, EmailMfaConfiguration, WebAuthnConfiguration } = input
  const pool = pools.put(call, '', before.Id, {
    ...before,
    MfaConfiguration: input.MfaConfiguration ?? 'OFF',
    SmsConfiguration: sms?.SmsConfiguration ?? before.SmsConfiguration,
    SmsAuthenticationMessage: sms === undefined ? before.SmsAuthenticationMessage : sms.SmsAuthenticationMessage,
    LastModifiedDate: call.seconds,
  })
  mfaSettings.put(call, pool.Id, '', {
    SoftwareTokenMfaConfiguration,
    EmailMfaConfiguration,
    WebAuthnConfiguration,
    Sms: sms !== undefined,
  })

  return mfaView(call, pool)
})

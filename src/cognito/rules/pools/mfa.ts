import type { CognitoCall } from '../../call.ts'
import type { GetUserPoolMfaConfigResponse, SetUserPoolMfaConfigRequest } from '../../contract/types.ts'
import { type MfaSettings, mfaSettings, type Pool } from '../../records.ts'
import { requireFeature } from './tier.ts'

const IPE = 'InvalidParameterException'

/** The second factors that users of the pool may turn on; none where MFA is off. */
export function secondFactors(call: CognitoCall, pool: Pool): { sms: boolean; totp: boolean; email: boolean } {
  const on = pool.MfaConfiguration !== 'OFF'
  const settings = mfaSettings.get(call, pool.Id, '')
  return {
    sms: on && pool.SmsConfiguration !== undefined && settings?.Sms !== false,
    totp: on && settings?.SoftwareTokenMfaConfiguration?.Enabled === true,
    email: on && settings?.EmailMfaConfiguration !== undefined,
  }
}

/** A pool's MFA settings as answers show them. */
export function mfaView(call: CognitoCall, pool: Pool): GetUserPoolMfaConfigResponse {
  const { Sms, ...settings } = mfaSettings.get(call, pool.Id, '') ?? {}
  const { SmsAuthenticationMessage, SmsConfiguration } = pool
  return {
    SmsMfaConfiguration: secondFactors(call, pool).sms ? { SmsAuthenticationMessage, SmsConfiguration } : undefined,
    ...settings,
    MfaConfiguration: pool.MfaConfiguration,
  }
}

/** What a pool's new MFA settings are refused for (cognito-behaviour P14, cognito-facts 53 to 56). */
export function checkMfaSettings(call: CognitoCall, pool: Pool, asked: SetUserPoolMfaConfigRequest): void {
  const { SmsMfaConfiguration, SoftwareTokenMfaConfiguration, EmailMfaConfiguration, WebAuthnConfiguration, MfaConfiguration } = asked
  const factors = [SmsMfaConfiguration, SoftwareTokenMfaConfiguration, EmailMfaConfiguration]
  // Measured: a factor that is given but not enabled is refused too (cdkd#1977).
  if (MfaConfiguration === 'OFF' && factors.some((factor) => factor !== undefined)) {
    call.fail(IPE, "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
  }
  const enabled =
    SmsMfaConfiguration !== undefined || SoftwareTokenMfaConfiguration?.Enabled === true || EmailMfaConfiguration !== undefined
  if ((MfaConfiguration === 'ON' || MfaConfiguration === 'OPTIONAL') && !enabled) {
    call.fail(IPE, "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.")
  }
  if (SmsMfaConfiguration !== undefined && SmsMfaConfiguration.SmsConfiguration === undefined && pool.SmsConfiguration === undefined) {
    call.fail(IPE, 'SMS configuration and Auto verification for phone_number are required when MFA is required/optional')
  }
  if (EmailMfaConfiguration !== undefined) checkEmailMfa(call, pool)
  if (WebAuthnConfiguration !== undefined) requireFeature(call, pool, 'ESSENTIALS', 'Passkeys')
  const party = WebAuthnConfiguration?.RelyingPartyId
  if (party !== undefined && !/^[a-z0-9.-]+$/i.test(party)) call.fail(IPE, WRONG_PARTY)
  if (MfaConfiguration === 'ON') checkWithFirstFactors(call, pool, WebAuthnConfiguration)
}

/** badmintoncryer/cdk-preflight, deployed in September 2026; that about the relying party, too. */
const NEEDS_OWN_SENDER =
  'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.'
const WRONG_PARTY = 'RelyingPartyId contains invalid characters'

function checkEmailMfa(call: CognitoCall, pool: Pool): void {
  requireFeature(call, pool, 'ESSENTIALS', 'Email MFA')
  if (pool.EmailConfiguration?.EmailSendingAccount !== 'DEVELOPER') call.fail(IPE, NEEDS_OWN_SENDER)
}

/** Measured in August 2026 (cdkd#1975, #2064). */
function checkWithFirstFactors(call: CognitoCall, pool: Pool, passkeys: MfaSettings['WebAuthnConfiguration']): void {
  const first = pool.Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []
  if (first.includes('EMAIL_OTP') || first.includes('SMS_OTP')) {
    call.fail(IPE, 'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled')
  }
  if (first.includes('WEB_AUTHN') && passkeys?.FactorConfiguration !== 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
    call.fail(
      IPE,
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    )
  }
}

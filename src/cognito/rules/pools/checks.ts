import type { CognitoCall } from '../../call.ts'
import type { CreateUserPoolRequest, UpdateUserPoolRequest } from '../../contract/types.ts'
import type { MfaSettings, Pool } from '../../records.ts'
import { checkAcrLevels } from '../factors/acr-levels.ts'
import { isEmail } from '../users/attributes.ts'
import type { PoolSettings } from './settings.ts'
import { requireTier } from './tier.ts'

/** (?) Of a cursor that belongs to no list or another one; ListUsers words its own (cognito-behaviour A20). */
export const INVALID_TOKEN = 'Invalid pagination token provided'

const IPE = 'InvalidParameterException'

type Asked = CreateUserPoolRequest | UpdateUserPoolRequest

/** What making and updating a pool refuse alike, in one order. `factors` are the second factors that the pool has besides SMS. */
export function checkPool(call: CognitoCall, asked: Asked, settings: PoolSettings, factors: MfaSettings | undefined): void {
  checkPasswordDays(call, asked)
  checkRecovery(call, settings)
  checkAttributeUpdates(call, settings)
  checkEmail(call, settings)
  checkSms(call, settings)
  checkInvitation(call, settings)
  checkTriggers(call, asked)
  checkKey(call, settings)
  checkAcrLevels(call, settings)
  checkTags(call, settings.UserPoolTags)
  // A configuration that stays as it was is not asked about again.
  if (asked.MfaConfiguration !== undefined) checkMfa(call, settings, factors)
  checkFirstFactors(call, settings.Policies, settings.MfaConfiguration, factors)
  requireTier(call, { ...settings, ...factors })
}

/** P17; seen when a pool that was described is updated with all that it answered (aws-sdk-js#3817). */
function checkPasswordDays(call: CognitoCall, { AdminCreateUserConfig, Policies }: Asked): void {
  const old = AdminCreateUserConfig?.UnusedAccountValidityDays ?? 0
  if (old > 0 && Policies?.PasswordPolicy?.TemporaryPasswordValidityDays !== undefined) {
    call.fail(IPE, 'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays')
  }
}

// Sentences of this file without a source of their own: pools deployed in September 2026 (badmintoncryer/cdk-preflight, rules/cognito).
const RECOVERY = 'Invalid account recovery setting parameter. Account Recovery Setting'
const ADMIN_ONLY = `${RECOVERY} cannot use admin_only setting with any other recovery mechanisms.`
const SAME_PRIORITY = `${RECOVERY} cannot have duplicate priorities or recovery mechanisms.`

function checkRecovery(call: CognitoCall, { AccountRecoverySetting }: PoolSettings): void {
  const mechanisms = AccountRecoverySetting?.RecoveryMechanisms ?? []
  if (mechanisms.length < 2) return
  if (mechanisms.some(({ Name }) => Name === 'admin_only')) call.fail(IPE, ADMIN_ONLY)
  const [first, second] = mechanisms
  if (first?.Priority === second?.Priority || first?.Name === second?.Name) call.fail(IPE, SAME_PRIORITY)
}

function checkAttributeUpdates(call: CognitoCall, { UserAttributeUpdateSettings, AutoVerifiedAttributes = [] }: PoolSettings): void {
  const held = UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []
  if (held.some((name) => !AutoVerifiedAttributes.includes(name))) {
    call.fail(IPE, 'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes')
  }
}

const NO_SOURCE = 'Source ARN is required to use DEVELOPER email sending owner'
const WRONG_FROM = 'Provided From email address is invalid'

/** Where every pool may send its mails from; (?) and where it is itself. */
const MAIL_REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2']

function checkEmail(call: CognitoCall, { EmailConfiguration = {} }: PoolSettings): void {
  const { EmailSendingAccount, SourceArn, From } = EmailConfiguration
  if (EmailSendingAccount === 'DEVELOPER' && SourceArn === undefined) call.fail(IPE, NO_SOURCE)
  const regions = call.addressedRegion === undefined ? [] : [...new Set([...MAIL_REGIONS, call.addressedRegion])].sort()
  const region = SourceArn?.split(':')[3]
  if (region !== undefined && regions.length > 0 && !regions.includes(region)) {
    call.fail(
      IPE,
      `Invalid EmailConfiguration.SourceArn. Provided SourceArn must be in one of the following SES regions: ${regions.join(', ')}.`,
    )
  }
  if (From !== undefined && !isEmail(/<([^<>]*)>\s*$/.exec(From)?.[1] ?? From)) call.fail(IPE, WRONG_FROM)
}

const NO_SMS = 'SMS configuration is required when phone_number is selected for auto verification'

function checkSms(call: CognitoCall, { AutoVerifiedAttributes, SmsConfiguration }: PoolSettings): void {
  if (AutoVerifiedAttributes?.includes('phone_number') && SmsConfiguration === undefined) call.fail(IPE, NO_SMS)
}

/** What an invitation must say, under the names that its texts have inside the service. */
const INVITATION = [
  ['EmailMessage', 'emailMessage', '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*'],
  ['SMSMessage', 'smsMessage', '(?s).*\\{####\\}(?s).*'],
] as const

/** An invitation names the temporary password; (?) unless the pool's users can come in without one. */
function checkInvitation(call: CognitoCall, { AdminCreateUserConfig, Policies }: PoolSettings): void {
  const factors = Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []
  if (factors.some((factor) => factor !== 'PASSWORD')) return
  for (const [name, inner, pattern] of INVITATION) {
    const text = AdminCreateUserConfig?.InviteMessageTemplate?.[name]
    if (text === undefined || text.includes('{####}')) continue
    const rule = `Member must satisfy regular expression pattern: ${pattern}`
    const place = `adminCreateUserConfig.inviteMessage.${inner}`
    call.fail(IPE, `1 validation error detected: Value '${text}' at '${place}' failed to satisfy constraint: ${rule}`)
  }
}

const NO_KEY = 'KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.'
const TWO_TRIGGERS = "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"
const FAR_FUNCTION = 'Cross-region lambda functions are not supported'

function checkTriggers(call: CognitoCall, { LambdaConfig = {} }: Asked): void {
  const { CustomSMSSender, CustomEmailSender, KMSKeyID, PreTokenGeneration, PreTokenGenerationConfig } = LambdaConfig
  if ((CustomSMSSender !== undefined || CustomEmailSender !== undefined) && KMSKeyID === undefined) call.fail(IPE, NO_KEY)
  if (
    PreTokenGeneration !== undefined &&
    PreTokenGenerationConfig !== undefined &&
    PreTokenGeneration !== PreTokenGenerationConfig.LambdaArn
  ) {
    call.fail(IPE, TWO_TRIGGERS)
  }
  const functions = Object.values(LambdaConfig).map((value) => (typeof value === 'string' ? value : value?.LambdaArn))
  const far = functions.some((arn) => arn !== undefined && /^arn:[\w-]+:lambda:/.test(arn) && arn.split(':')[3] !== call.addressedRegion)
  if (far && call.addressedRegion !== undefined) call.fail(IPE, FAR_FUNCTION)
}

/** (?) What a key of the customer's needs, by its contract's shape. */
const NO_KMS_KEY = 'KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.'
const NEEDLESS_KMS_KEY = 'KmsKeyArn can only be given when KeyType is CUSTOMER_MANAGED_KEY.'

function checkKey(call: CognitoCall, { KeyConfiguration }: PoolSettings): void {
  if (KeyConfiguration === undefined) return
  const own = KeyConfiguration.KeyType === 'CUSTOMER_MANAGED_KEY'
  if (own && KeyConfiguration.KmsKeyArn === undefined) call.fail(IPE, NO_KMS_KEY)
  if (!own && KeyConfiguration.KmsKeyArn !== undefined) call.fail(IPE, NEEDLESS_KMS_KEY)
}

/** What every service of AWS says of its own tags; (?) whether making a pool says it with this error or a UserPoolTaggingException. */
const RESERVED_TAG = 'aws: prefixed tag key names are not allowed for external use.'

const MOST_TAGS = 50

/** (?) The number is documented (reference, TagResource), the sentence is not. */
const TOO_MANY_TAGS = `The number of tags cannot exceed ${MOST_TAGS}.`

export function checkTags(call: CognitoCall, tags: Readonly<Record<string, string>> = {}): void {
  const keys = Object.keys(tags)
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) call.fail(IPE, RESERVED_TAG)
  if (keys.length > MOST_TAGS) call.fail(IPE, TOO_MANY_TAGS)
}

/** P13: what a pool is made or updated with says nothing of other second factors, so these count only if the pool has them. */
function checkMfa(call: CognitoCall, { MfaConfiguration, SmsConfiguration }: PoolSettings, factors: MfaSettings | undefined): void {
  if (MfaConfiguration === 'OFF' || SmsConfiguration !== undefined) return
  if (factors?.SoftwareTokenMfaConfiguration?.Enabled === true || factors?.EmailMfaConfiguration !== undefined) return
  call.fail(IPE, 'SMS configuration and Auto verification for phone_number are required when MFA is required/optional')
}

/** (?) The rule is documented (reference, SignInPolicyType), the sentence is not. */
const NO_TOTP_FIRST = 'SOFTWARE_TOKEN is not supported as a first auth factor.'
const NO_PASSWORD = 'Password should be configured as one of the allowed first auth factors.'

/** P16, and what goes with required MFA: no codes, and passkeys only if they are two factors (measured 2026-08, cdkd#1975, #2064). */
export function checkFirstFactors(
  call: CognitoCall,
  policies: Pool['Policies'],
  mfa: Pool['MfaConfiguration'],
  factors: MfaSettings | undefined,
): void {
  const allowed = policies.SignInPolicy?.AllowedFirstAuthFactors ?? []
  if (allowed.includes('SOFTWARE_TOKEN')) call.fail(IPE, NO_TOTP_FIRST)
  if (allowed.length > 0 && !allowed.includes('PASSWORD')) call.fail(IPE, NO_PASSWORD)
  if (mfa !== 'ON') return
  if (allowed.includes('EMAIL_OTP') || allowed.includes('SMS_OTP')) {
    call.fail(IPE, 'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled')
  }
  const single = factors?.WebAuthnConfiguration?.FactorConfiguration !== 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  if (allowed.includes('WEB_AUTHN') && single) {
    call.fail(IPE, 'WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.')
  }
}

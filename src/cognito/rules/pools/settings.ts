import type { CreateUserPoolRequest, UpdateUserPoolRequest } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'

/** What an update replaces; the rest is fixed when the pool is made (cognito-behaviour P8, P9). */
export type PoolSettings = Omit<Pool, PoolFixture>

type PoolFixture =
  | 'Id'
  | 'Arn'
  | 'Name'
  | 'CreationDate'
  | 'LastModifiedDate'
  | 'SchemaAttributes'
  | 'AliasAttributes'
  | 'UsernameAttributes'
  | 'UsernameConfiguration'

const DEFAULT_RECOVERY: Pool['AccountRecoverySetting'] = {
  RecoveryMechanisms: [
    { Priority: 1, Name: 'verified_email' },
    { Priority: 2, Name: 'verified_phone_number' },
  ],
}

const TEMPORARY_PASSWORD_DAYS = 7

/**
 * What an update leaves alone when it does not mention it; all else goes back to its default (cognito-behaviour P8). (?) The reference
 * says so of the tier and of dynamic registration only; measured with controls in August 2026 (cdkd#1965, #1982), a pool also kept
 * `MfaConfiguration`, and each part of `Policies`, while `AutoVerifiedAttributes` went back.
 */
const KEPT_WHEN_OMITTED = ['UserPoolTier', 'DcrConfiguration', 'MfaConfiguration'] as const satisfies (keyof PoolSettings &
  keyof UpdateUserPoolRequest)[]

/** The settings that an update gives a pool. */
export function updatedSettings(input: UpdateUserPoolRequest, before: Pool): PoolSettings {
  const kept = KEPT_WHEN_OMITTED.filter((name) => input[name] === undefined).map((name) => [name, before[name]])
  return { ...poolSettings({ ...input, Policies: keptPolicies(input, before) }), ...Object.fromEntries(kept) }
}

/** The validity of temporary passwords is the policy's, unless only its old name is given. */
function keptPolicies({ Policies, AdminCreateUserConfig }: UpdateUserPoolRequest, before: Pool): UpdateUserPoolRequest['Policies'] {
  const { TemporaryPasswordValidityDays, ...rest } = before.Policies.PasswordPolicy ?? {}
  const days = AdminCreateUserConfig?.UnusedAccountValidityDays === undefined ? { TemporaryPasswordValidityDays } : {}
  return {
    PasswordPolicy: Policies?.PasswordPolicy ?? { ...rest, ...days },
    SignInPolicy: Policies?.SignInPolicy ?? before.Policies.SignInPolicy,
  }
}

/** The settings of a pool as asked for, each absent one at its default: what both making and updating a pool set (P1, P2, cognito-facts 33 to 39). */
export function poolSettings(input: CreateUserPoolRequest | UpdateUserPoolRequest): PoolSettings {
  const unused = input.AdminCreateUserConfig?.UnusedAccountValidityDays
  const days = input.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays || unused || TEMPORARY_PASSWORD_DAYS
  return {
    Policies: {
      PasswordPolicy: passwordPolicy(input, days),
      SignInPolicy: { AllowedFirstAuthFactors: input.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'] },
    },
    DeletionProtection: input.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: lambdaConfig(input),
    AutoVerifiedAttributes: filled(input.AutoVerifiedAttributes),
    SmsVerificationMessage: input.SmsVerificationMessage ?? input.VerificationMessageTemplate?.SmsMessage,
    EmailVerificationMessage: input.EmailVerificationMessage ?? input.VerificationMessageTemplate?.EmailMessage,
    EmailVerificationSubject: input.EmailVerificationSubject ?? input.VerificationMessageTemplate?.EmailSubject,
    VerificationMessageTemplate: {
      ...input.VerificationMessageTemplate,
      SmsMessage: input.VerificationMessageTemplate?.SmsMessage ?? input.SmsVerificationMessage,
      EmailMessage: input.VerificationMessageTemplate?.EmailMessage ?? input.EmailVerificationMessage,
      EmailSubject: input.VerificationMessageTemplate?.EmailSubject ?? input.EmailVerificationSubject,
      DefaultEmailOption: input.VerificationMessageTemplate?.DefaultEmailOption ?? 'CONFIRM_WITH_CODE',
    },
    SmsAuthenticationMessage: input.SmsAuthenticationMessage,
    UserAttributeUpdateSettings: input.UserAttributeUpdateSettings,
    MfaConfiguration: input.MfaConfiguration ?? 'OFF',
    DeviceConfiguration: input.DeviceConfiguration,
    EmailConfiguration: {
      ...input.EmailConfiguration,
      EmailSendingAccount: input.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT',
    },
    SmsConfiguration: input.SmsConfiguration,
    UserPoolTags: { ...input.UserPoolTags },
    AdminCreateUserConfig: {
      ...input.AdminCreateUserConfig,
      AllowAdminCreateUserOnly: input.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
      // The old name of the same setting shows the same number.
      UnusedAccountValidityDays: days,
    },
    UserPoolAddOns: input.UserPoolAddOns,
    AccountRecoverySetting:
      input.AccountRecoverySetting?.RecoveryMechanisms === undefined ? DEFAULT_RECOVERY : input.AccountRecoverySetting,
    UserPoolTier: input.UserPoolTier ?? 'ESSENTIALS',
    DcrConfiguration: dynamicRegistration(input),
    KeyConfiguration: input.KeyConfiguration,
    IssuerConfiguration: input.IssuerConfiguration,
    AcrConfiguration: input.AcrConfiguration,
  }
}

function passwordPolicy(
  { Policies }: CreateUserPoolRequest | UpdateUserPoolRequest,
  days: number,
): NonNullable<Pool['Policies']['PasswordPolicy']> {
  const asked = Policies?.PasswordPolicy
  // A policy that is given says everything: what it leaves out is not required. One that is not given requires all.
  const byDefault = asked === undefined
  return {
    MinimumLength: asked?.MinimumLength ?? (byDefault ? 8 : 6),
    RequireUppercase: asked?.RequireUppercase ?? byDefault,
    RequireLowercase: asked?.RequireLowercase ?? byDefault,
    RequireNumbers: asked?.RequireNumbers ?? byDefault,
    RequireSymbols: asked?.RequireSymbols ?? byDefault,
    PasswordHistorySize: asked?.PasswordHistorySize,
    TemporaryPasswordValidityDays: days,
  }
}

/** The trigger before tokens has an old and a new place; the service shows both. */
function lambdaConfig({ LambdaConfig = {} }: CreateUserPoolRequest | UpdateUserPoolRequest): NonNullable<Pool['LambdaConfig']> {
  const { PreTokenGeneration, PreTokenGenerationConfig } = LambdaConfig
  if (PreTokenGenerationConfig === undefined && PreTokenGeneration === undefined) return LambdaConfig
  return {
    ...LambdaConfig,
    PreTokenGeneration: PreTokenGeneration ?? PreTokenGenerationConfig?.LambdaArn,
    PreTokenGenerationConfig: PreTokenGenerationConfig ?? { LambdaVersion: 'V1_0', LambdaArn: PreTokenGeneration ?? '' },
  }
}

/** A configuration that is given turns dynamic client registration on unless it says otherwise (reference, DcrConfigurationType). */
function dynamicRegistration({ DcrConfiguration: asked }: CreateUserPoolRequest | UpdateUserPoolRequest): Pool['DcrConfiguration'] {
  return asked && { ...asked, EnableStatus: asked.EnableStatus ?? 'Enabled', OpenDcrEnabled: asked.OpenDcrEnabled ?? false }
}

/** A list nobody fills is left out of answers (W7). */
export function filled<T>(list: T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : [...new Set(list)]
}

import type { CognitoCall } from '../../call.ts'
import type { MfaSettings, Pool } from '../../records.ts'

type Tier = NonNullable<Pool['UserPoolTier']>
type Subject = Pick<Pool, 'Policies' | 'LambdaConfig' | 'UserPoolAddOns' | 'UserPoolTier' | 'DcrConfiguration' | 'AcrConfiguration'> &
  MfaSettings

/**
 * What needs more than the cheapest plan (cognito-behaviour P15). (?) Seen are the name of threat protection
 * (hashicorp/terraform-provider-aws#40734) and those of passwordless sign-in and of token customization (badmintoncryer/cdk-preflight,
 * deployed in September 2026); the other names are those of the plans' page.
 */
const FEATURES: readonly [name: string | ((pool: Subject) => string), tier: Tier, used: (pool: Subject) => boolean][] = [
  [
    'Passwordless Sign-In',
    'ESSENTIALS',
    ({ Policies }) => (Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []).some((factor) => factor !== 'PASSWORD'),
  ],
  ['Password reuse prevention', 'ESSENTIALS', ({ Policies }) => (Policies.PasswordPolicy?.PasswordHistorySize ?? 0) > 0],
  [
    ({ LambdaConfig }) =>
      `Token Customization with Pre-Token Generation Lambda ${LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? ''}`,
    'ESSENTIALS',
    ({ LambdaConfig }) => (LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0') !== 'V1_0',
  ],
  ['Email MFA', 'ESSENTIALS', ({ EmailMfaConfiguration }) => EmailMfaConfiguration !== undefined],
  ['Passkeys', 'ESSENTIALS', ({ WebAuthnConfiguration }) => WebAuthnConfiguration !== undefined],
  ['Dynamic client registration', 'ESSENTIALS', ({ DcrConfiguration }) => DcrConfiguration?.EnableStatus === 'Enabled'],
  ['Custom ACR level names', 'ESSENTIALS', ({ AcrConfiguration = {} }) => Object.keys(AcrConfiguration).length > 0],
  ['Threat Protection', 'PLUS', ({ UserPoolAddOns }) => (UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF') !== 'OFF'],
]

const RANKS: Record<Tier, number> = { LITE: 0, ESSENTIALS: 1, PLUS: 2 }

const ERROR = 'FeatureUnavailableInTierException'

/** Refuses a pool that uses more than its tier has. */
export function requireTier(call: CognitoCall, pool: Subject): void {
  const names = FEATURES.filter(([, tier, used]) => !has(pool, tier) && used(pool)).map(([name]) =>
    typeof name === 'string' ? name : name(pool),
  )
  const { UserPoolTier = 'ESSENTIALS' } = pool
  if (names.length > 0) {
    call.fail(ERROR, `The following features need to be disabled for the ${UserPoolTier} pricing tier configured: ${names.join(', ')}`)
  }
}

/**
 * Refuses what needs this tier, for settings that do not lie with the pool itself. The sentence and the names of managed login and of
 * logs are badmintoncryer/cdk-preflight's, deployed in September 2026; (?) the other names.
 */
export function requireFeature(call: CognitoCall, pool: Pick<Pool, 'UserPoolTier'>, tier: Tier, name: string): void {
  if (has(pool, tier)) return
  const { UserPoolTier = 'ESSENTIALS' } = pool
  call.fail(ERROR, `The following feature is not available for the ${UserPoolTier} pricing tier configured: ${name}`)
}

export function has(pool: Pick<Pool, 'UserPoolTier'>, tier: Tier): boolean {
  return RANKS[pool.UserPoolTier ?? 'ESSENTIALS'] >= RANKS[tier]
}

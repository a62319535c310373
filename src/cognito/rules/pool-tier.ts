import type { CognitoCall } from '../operation.ts'
import type { MfaSettings, Pool } from '../records.ts'

type Tier = NonNullable<Pool['UserPoolTier']>
type Subject = Pick<Pool, 'Policies' | 'LambdaConfig' | 'UserPoolAddOns' | 'UserPoolTier' | 'DcrConfiguration' | 'AcrConfiguration'> &
  MfaSettings

/**
 * What needs more than the cheapest plan (cognito-behaviour P15). (?) The sentence and the name of threat protection were seen
 * (hashicorp/terraform-provider-aws#40734); the other names are those of the plans' page.
 */
const FEATURES: readonly [name: string, tier: Tier, used: (pool: Subject) => boolean][] = [
  [
    'Passwordless sign-in',
    'ESSENTIALS',
    ({ Policies }) => (Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []).some((factor) => factor !== 'PASSWORD'),
  ],
  ['Password reuse prevention', 'ESSENTIALS', ({ Policies }) => (Policies.PasswordPolicy?.PasswordHistorySize ?? 0) > 0],
  [
    'Access token customization',
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

/** Refuses a pool that uses more than its tier has. */
export function requireTier(call: CognitoCall, pool: Subject): void {
  const names = FEATURES.filter(([, tier, used]) => !has(pool, tier) && used(pool)).map(([name]) => name)
  if (names.length > 0) refuseFeatures(call, pool, names)
}

/** Refuses what needs this tier, for settings that do not lie with the pool itself. */
export function requireFeature(call: CognitoCall, pool: Pick<Pool, 'UserPoolTier'>, tier: Tier, name: string): void {
  if (!has(pool, tier)) refuseFeatures(call, pool, [name])
}

export function has(pool: Pick<Pool, 'UserPoolTier'>, tier: Tier): boolean {
  return RANKS[pool.UserPoolTier ?? 'ESSENTIALS'] >= RANKS[tier]
}

function refuseFeatures(call: CognitoCall, { UserPoolTier = 'ESSENTIALS' }: Pick<Pool, 'UserPoolTier'>, names: string[]): never {
  return call.fail(
    'FeatureUnavailableInTierException',
    `The following features need to be disabled for the ${UserPoolTier} pricing tier configured: ${names.join(', ')}`,
  )
}

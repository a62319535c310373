import type { CreateUserPoolClientRequest, TimeUnitsType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool } from '../records.ts'
import { checkOAuth } from './client-oauth.ts'
import type { ClientSettings } from './client-settings.ts'
import { CLIENT_TOKEN_FLOW } from './flows/index.ts'
import { requireFeature } from './pool-tier.ts'

const IPE = 'InvalidParameterException'

export interface Subject {
  settings: ClientSettings
  /** Whether it has a secret, or will have one. */
  confidential: boolean
  /** How the sentence about attributes names what is being done. */
  doing: 'creating' | 'updating'
}

/** What making and updating a client refuse alike, in one order (cognito-behaviour C4 to C11, C14). */
export function checkClient(call: CognitoCall, pool: Pool, { settings, confidential, doing }: Subject): void {
  checkFlows(call, pool, settings)
  checkValidity(call, settings)
  checkAttributes(call, pool, settings, doing)
  checkRotation(call, settings)
  if (settings.EnablePropagateAdditionalUserContextData === true && !confidential) call.fail(IPE, CONTEXT_OF_PUBLIC)
  checkOAuth(call, pool, settings, confidential)
}

const LEGACY: ReadonlySet<string> = new Set(['ADMIN_NO_SRP_AUTH', 'CUSTOM_AUTH_FLOW_ONLY', 'USER_PASSWORD_AUTH'])

/** (?) The rule is documented (C6), the sentence is not. */
const MIXED_FLOWS =
  'ExplicitAuthFlows cannot combine ADMIN_NO_SRP_AUTH, CUSTOM_AUTH_FLOW_ONLY or USER_PASSWORD_AUTH with values that start with ALLOW_.'

/** (?) The rule is documented (API reference of GetClientToken), the sentence is not. */
const NOT_ALONE = 'ALLOW_CLIENT_TOKEN_AUTH cannot be combined with other values of ExplicitAuthFlows.'

function checkFlows(call: CognitoCall, pool: Pool, { ExplicitAuthFlows = [] }: ClientSettings): void {
  const legacy = ExplicitAuthFlows.filter((flow) => LEGACY.has(flow))
  if (legacy.length > 0 && legacy.length < ExplicitAuthFlows.length) call.fail(IPE, MIXED_FLOWS)
  if ((ExplicitAuthFlows as string[]).includes(CLIENT_TOKEN_FLOW) && ExplicitAuthFlows.length > 1) call.fail(IPE, NOT_ALONE)
  if (ExplicitAuthFlows.includes('ALLOW_USER_AUTH')) requireFeature(call, pool, 'ESSENTIALS', 'Choice-based authentication')
}

const SECONDS: Record<TimeUnitsType, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }

const MINUTE = 60
const DAY = 86_400

function checkValidity(call: CognitoCall, settings: ClientSettings): void {
  const { AccessTokenValidity, IdTokenValidity, RefreshTokenValidity, TokenValidityUnits } = settings
  const within = (value: number | undefined, unit: TimeUnitsType, least: number, most: number): boolean =>
    value === undefined || (value * SECONDS[unit] >= least && value * SECONDS[unit] <= most)
  const fits =
    within(AccessTokenValidity, TokenValidityUnits?.AccessToken ?? 'hours', 5 * MINUTE, DAY) &&
    within(IdTokenValidity, TokenValidityUnits?.IdToken ?? 'hours', 5 * MINUTE, DAY) &&
    within(RefreshTokenValidity, TokenValidityUnits?.RefreshToken ?? 'days', 60 * MINUTE, 3650 * DAY)
  if (!fits) call.fail(IPE, 'Invalid range for token validity.')
}

/** What only the service itself writes. */
const NEVER_WRITTEN: ReadonlySet<string> = new Set(['sub', 'email_verified', 'phone_number_verified', 'identities'])

/** Attributes must be of the schema; a list of writable ones must name all that are required (developer guide, attributes). */
function checkAttributes(
  call: CognitoCall,
  pool: Pool,
  { ReadAttributes, WriteAttributes }: ClientSettings,
  doing: Subject['doing'],
): void {
  const open = pool.SchemaAttributes.filter(({ DeveloperOnlyAttribute }) => DeveloperOnlyAttribute !== true)
  const readable = new Set(open.map(({ Name }) => Name))
  if (ReadAttributes?.some((name) => !readable.has(name))) call.fail(IPE, `Invalid read attributes specified while ${doing} a client`)

  if (WriteAttributes === undefined) return
  const required = open.filter(({ Name, Required }) => Required === true && !NEVER_WRITTEN.has(Name ?? ''))
  const unwritable = WriteAttributes.some((name) => !readable.has(name) || NEVER_WRITTEN.has(name))
  if (unwritable || required.some(({ Name }) => !WriteAttributes.includes(Name ?? ''))) {
    call.fail(IPE, `Invalid write attributes specified while ${doing} a client`)
  }
}

/** (?) C14: documented as incompatible; whether and how it is refused here was not seen. A client that names no flows is let be. */
const ROTATION_AND_FLOW = 'ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation.'

function checkRotation(call: CognitoCall, { RefreshTokenRotation, ExplicitAuthFlows = [] }: ClientSettings): void {
  if (RefreshTokenRotation?.Feature === 'ENABLED' && ExplicitAuthFlows.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    call.fail(IPE, ROTATION_AND_FLOW)
  }
}

/** (?) The rule is documented (reference, CreateUserPoolClient), the sentence is not. */
const CONTEXT_OF_PUBLIC = 'EnablePropagateAdditionalUserContextData can only be enabled for an app client that has a client secret.'

/** (?) A secret is made or given, not both; the sentence is not known. */
const TWO_SECRETS = 'ClientSecret cannot be given when GenerateSecret is true.'

export function checkSecret(call: CognitoCall, { GenerateSecret, ClientSecret }: CreateUserPoolClientRequest): void {
  if (GenerateSecret === true && ClientSecret !== undefined) call.fail(IPE, TWO_SECRETS)
}

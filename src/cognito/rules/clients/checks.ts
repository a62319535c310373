import type { CognitoCall } from '../../call.ts'
import type { CreateUserPoolClientRequest, TimeUnitsType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'
import { CLIENT_TOKEN_FLOW } from '../flows/index.ts'
import { requireFeature } from '../pools/tier.ts'
import { validity } from '../tokens/validity.ts'
import { checkOAuth } from './oauth.ts'
import type { ClientSettings } from './settings.ts'

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
  checkAnalytics(call, settings)
  checkAttributes(call, pool, settings, doing)
  checkRotation(call, settings)
  if (settings.EnablePropagateAdditionalUserContextData === true && !confidential) call.fail(IPE, CONTEXT_OF_PUBLIC)
  checkOAuth(call, pool, settings, confidential)
}

const LEGACY: ReadonlySet<string> = new Set(['ADMIN_NO_SRP_AUTH', 'CUSTOM_AUTH_FLOW_ONLY', 'USER_PASSWORD_AUTH'])

/** C6; as clients were deployed in September 2026 (badmintoncryer/cdk-preflight), like the other sentences without a mark here. */
const MIXED_FLOWS = "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."

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
  const { access, id, refresh } = validity(settings)
  if (access > refresh || id > refresh) {
    call.fail(IPE, 'Access and Id Token expiration times must be less than or equal to refresh token expiration times.')
  }
}

const ANALYTICS = 'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid'

function checkAnalytics(call: CognitoCall, { AnalyticsConfiguration }: ClientSettings): void {
  if (AnalyticsConfiguration === undefined) return
  const { ApplicationArn, ApplicationId, RoleArn, ExternalId } = AnalyticsConfiguration
  const byArn = ApplicationId === undefined && RoleArn === undefined && ExternalId === undefined
  const byId = ApplicationId !== undefined && RoleArn !== undefined
  if (ApplicationArn === undefined ? !byId : !byArn) call.fail(IPE, ANALYTICS)
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

const CONTEXT_OF_PUBLIC = 'Client Secret is required to set EnablePropagateAdditionalUserContextData as true'

/** (?) A secret is made or given, not both; the sentence is not known. */
const TWO_SECRETS = 'ClientSecret cannot be given when GenerateSecret is true.'

export function checkSecret(call: CognitoCall, { GenerateSecret, ClientSecret }: CreateUserPoolClientRequest): void {
  if (GenerateSecret === true && ClientSecret !== undefined) call.fail(IPE, TWO_SECRETS)
}

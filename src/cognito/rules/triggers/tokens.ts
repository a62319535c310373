import type { Claims } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import type { GroupClaims } from '../users/groups.ts'
import type { Form } from './response.ts'
import { attributesOf, told, trigger } from './triggers.ts'

/** Why tokens are made: `TokenGeneration_…` (cognito-facts 171). */
export type TokenSource =
  | 'HostedAuth'
  | 'Authentication'
  | 'NewPasswordChallenge'
  | 'AuthenticateDevice'
  | 'RefreshTokens'
  | 'ClientCredentials'

export interface TokenOccasion {
  pool: Pool
  client: Client
  /** Undefined where a client gets a token for itself. */
  user: User | undefined
  source: TokenSource
  groups: GroupClaims
  /** Space-separated. */
  scope: string
  metadata?: Readonly<Record<string, string>> | undefined
}

/** What is written into tokens in the end. */
export interface Shaped {
  groups: GroupClaims
  scope: string
  access(claims: Claims): Claims
  id(claims: Claims): Claims
}

interface Changes {
  claimsToAddOrOverride?: Claims | null
  claimsToSuppress?: string[] | null
}

interface GroupOverride {
  groupsToOverride?: string[] | null
  iamRolesToOverride?: string[] | null
  preferredRole?: string | null
}

type ScopeChanges = Changes & { scopesToAdd?: string[] | null; scopesToSuppress?: string[] | null }

interface Response {
  claimsOverrideDetails?: (Changes & { groupOverrideDetails?: GroupOverride | null }) | null
  claimsAndScopeOverrideDetails?: {
    idTokenGeneration?: Changes | null
    accessTokenGeneration?: ScopeChanges | null
    groupOverrideDetails?: GroupOverride | null
  } | null
}

const GROUPS: Form = { members: { groupsToOverride: ['text'], iamRolesToOverride: ['text'], preferredRole: 'text' } }
const FIRST: Form = {
  members: {
    claimsOverrideDetails: {
      members: { claimsToAddOrOverride: { map: 'text' }, claimsToSuppress: ['text'], groupOverrideDetails: GROUPS },
    },
  },
}
const CHANGES: Record<string, Form> = { claimsToAddOrOverride: { map: 'any' }, claimsToSuppress: ['text'] }
const LATER: Form = {
  members: {
    claimsAndScopeOverrideDetails: {
      members: {
        idTokenGeneration: { members: CHANGES },
        accessTokenGeneration: { members: { ...CHANGES, scopesToAdd: ['text'], scopesToSuppress: ['text'] } },
        groupOverrideDetails: GROUPS,
      },
    },
  },
}

/** What no function changes (cognito-facts 179). */
const PROTECTED = [
  'acr',
  'amr',
  'at_hash',
  'aud',
  'auth_time',
  'azp',
  'cognito:username',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
]
/** What an access token has beside: its scopes are changed by lists of their own. */
const PROTECTED_IN_ACCESS = [...PROTECTED, 'client_id', 'device_key', 'event_id', 'scope', 'username', 'version']

/**
 * How the pool's function wants tokens to be (H8, H9): the first version changes the ID token, the second the access token and its
 * scopes too, the third also tokens that a client gets for itself. Nothing of it stays with the user.
 */
export function shapeTokens(call: CognitoCall, occasion: TokenOccasion): Shaped {
  const { pool, client, user, source, groups, scope, metadata } = occasion
  const version = pool.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0'
  const later = version !== 'V1_0'
  const unchanged: Shaped = { groups, scope, access: (claims) => claims, id: (claims) => claims }
  if (source === 'ClientCredentials' && version !== 'V3_0') return unchanged

  const response = trigger<Response>(call, pool, 'PreTokenGeneration', `TokenGeneration_${source}`, {
    version: version.slice(1, 2),
    // (?) Who a client is that gets a token for itself: as its tokens' subject has it.
    userName: user?.Username ?? client.ClientId,
    clientId: client.ClientId,
    request: {
      userAttributes: user === undefined ? {} : attributesOf(user),
      groupConfiguration: {
        groupsToOverride: groups.groups,
        iamRolesToOverride: groups.roles,
        preferredRole: groups.preferredRole ?? null,
      },
      ...(later ? { scopes: scope === '' ? [] : scope.split(' ') } : {}),
      ...told(metadata),
    },
    response: later ? { claimsAndScopeOverrideDetails: null } : { claimsOverrideDetails: null },
    form: later ? LATER : FIRST,
  })
  if (response === undefined) return unchanged

  if (!later) {
    const details = response.claimsOverrideDetails
    return { ...unchanged, groups: overridden(groups, details?.groupOverrideDetails), id: changed(details, PROTECTED) }
  }
  const details = response.claimsAndScopeOverrideDetails
  const access = details?.accessTokenGeneration
  return {
    groups: overridden(groups, details?.groupOverrideDetails),
    scope: rescoped(scope, access),
    access: changed(access, PROTECTED_IN_ACCESS),
    id: changed(details?.idTokenGeneration, PROTECTED),
  }
}

function overridden(groups: GroupClaims, override: GroupOverride | null | undefined): GroupClaims {
  if (override === null || override === undefined) return groups
  const { groupsToOverride, iamRolesToOverride, preferredRole } = override
  return {
    groups: groupsToOverride ?? groups.groups,
    roles: iamRolesToOverride ?? groups.roles,
    preferredRole: preferredRole ?? (iamRolesToOverride === undefined || iamRolesToOverride === null ? groups.preferredRole : undefined),
  }
}

function rescoped(scope: string, changes: ScopeChanges | null | undefined): string {
  const suppressed = new Set(changes?.scopesToSuppress ?? [])
  const all = [...scope.split(' '), ...(changes?.scopesToAdd ?? [])].filter((name) => name !== '' && !suppressed.has(name))
  return [...new Set(all)].join(' ')
}

/** A claim that is both added and suppressed is suppressed. */
function changed(changes: Changes | null | undefined, kept: readonly string[]): (claims: Claims) => Claims {
  const may = (name: string) => !kept.includes(name)
  const added = Object.entries(changes?.claimsToAddOrOverride ?? {}).filter(([name]) => may(name))
  const suppressed = (changes?.claimsToSuppress ?? []).filter(may)
  return (claims) =>
    Object.fromEntries(Object.entries({ ...claims, ...Object.fromEntries(added) }).filter(([name]) => !suppressed.includes(name)))
}

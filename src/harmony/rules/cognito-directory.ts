import type { Failure, HarmonyCall } from '../call.ts'
import { addresses } from '../records.ts'
import { type FoundUser, ifFound, type ListedUser, type PoolFacts } from '../upstream.ts'

/** A Cognito user as any of its operations shows it. */
export interface Found {
  id: string
  username: string
  attributes: Record<string, string>
  enabled: boolean
  status: string
  /** Epoch seconds. */
  created: number
  modified: number
}

export type Pool = PoolFacts & { Id: string }

/** Users of such a pool are named by e-mail or phone: their Username is the sub, and a user name of their own is `preferred_username`. */
export function namedByContact(pool: PoolFacts): boolean {
  return (pool.UsernameAttributes?.length ?? 0) > 0
}

/** The pool, or a refusal with the status this route documents for what is not there. */
export function poolOf<F extends Failure>(call: HarmonyCall<F>, id: string, absent: F): Pool {
  const facts = ifFound(() => call.cognito.DescribeUserPool({ UserPoolId: id }))?.UserPool
  return facts === undefined ? call.refuse(absent, `user pool ${id} does not exist`) : { ...facts, Id: id }
}

/** By id, then user name, then e-mail address without case. */
export function findUser(call: HarmonyCall, pool: Pool, userId: string): Found | undefined {
  return byName(call, pool, userId) ?? byPreferredName(call, pool, userId) ?? byEmail(call, pool, userId)
}

export function requireUser(call: HarmonyCall<404>, pool: Pool, userId: string): Found {
  return findUser(call, pool, userId) ?? call.refuse(404, `user ${userId} does not exist`)
}

/** What Cognito admits as a Username; anything else is nobody's. */
const USERNAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u

function byName(call: HarmonyCall, pool: Pool, name: string): Found | undefined {
  if (!USERNAME.test(name)) return undefined
  const user = ifFound(() => call.cognito.AdminGetUser({ UserPoolId: pool.Id, Username: name }))
  return user === undefined ? undefined : fromAnswer(user)
}

export function byPreferredName(call: HarmonyCall, pool: Pool, name: string): Found | undefined {
  return namedByContact(pool) ? listed(call, pool, 'preferred_username', name) : undefined
}

/**
 * Addresses are compared without case (harmony-auth 8 (?)), which Cognito's filter does not: Harmony keeps the folded address of its
 * own users, and asks Cognito for those others made.
 */
export function byEmail(call: HarmonyCall, pool: Pool, email: string): Found | undefined {
  const folded = email.toLowerCase()
  const known = addresses.get(call, pool.Id, folded)
  const own = known === undefined ? undefined : byName(call, pool, known.id)
  if (own?.attributes.email?.toLowerCase() === folded) return own
  return listed(call, pool, 'email', email) ?? (folded === email ? undefined : listed(call, pool, 'email', folded))
}

function listed(call: HarmonyCall, pool: Pool, attribute: string, value: string): Found | undefined {
  const quoted = value.replace(/[\\"]/g, '\\$&')
  // Cognito's own limit of a filter.
  if (quoted.length > 200) return undefined
  const [user] = call.cognito.ListUsers({ UserPoolId: pool.Id, Filter: `${attribute} = "${quoted}"`, Limit: 1 }).Users ?? []
  return user === undefined ? undefined : fromList(user)
}

export function fromList(user: ListedUser): Found {
  return found(user.Username, user.Attributes, user)
}

function fromAnswer(user: FoundUser): Found {
  return found(user.Username, user.UserAttributes, user)
}

function found(
  username: string | undefined,
  list: { Name: string; Value?: string | undefined }[] | undefined,
  user: Pick<ListedUser, 'Enabled' | 'UserStatus' | 'UserCreateDate' | 'UserLastModifiedDate'>,
): Found {
  const attributes = Object.fromEntries((list ?? []).map(({ Name, Value = '' }) => [Name, Value]))
  return {
    id: attributes.sub ?? '',
    username: username ?? '',
    attributes,
    enabled: user.Enabled !== false,
    status: user.UserStatus ?? 'UNKNOWN',
    created: user.UserCreateDate ?? 0,
    modified: user.UserLastModifiedDate ?? 0,
  }
}

import type { YandexCall } from '../../call.ts'
import type { SubjectClaims } from '../../contract/types.ts'
import { domains, homes, type Pool, type User, users } from '../../records.ts'

/** Only validated domains of the pool may carry users (yandex-idp 10); the code is a guess there. */
export function requireOwnDomain(call: YandexCall, pool: Pool, username: string): void {
  const domain = domainOf(username)
  const found = domains.get(call, pool.id, domain)
  if (found === undefined) call.fail('FAILED_PRECONDITION', `Domain ${domain} does not belong to userpool ${pool.id}`)
  if (found.status !== 'VALID') call.fail('FAILED_PRECONDITION', `Domain ${domain} is not validated`)
}

/** Domains belong to one pool, so a name that is free here is free everywhere. */
export function requireFreeUsername(call: YandexCall, pool: Pool, username: string, own?: string): void {
  const owner = users.owner(call, pool.id, 'username', folded(username))
  if (owner !== undefined && owner !== own) call.fail('ALREADY_EXISTS', `User with username ${username} already exists`)
}

/** One external id means one user (a guess, yandex-idp 10). */
export function requireFreeExternalId(call: YandexCall, pool: Pool, externalId: string | undefined, own?: string): void {
  if (externalId === undefined) return
  const owner = users.owner(call, pool.id, 'externalId', externalId)
  if (owner !== undefined && owner !== own) call.fail('ALREADY_EXISTS', `User with external id ${externalId} already exists`)
}

const BY_LOGIN = ['username'] as const

/** A user by login name, wherever it is: for sign-in. */
export function byUsername(call: YandexCall, username: string): User | undefined {
  const home = homes.get(call, 'domain', domainOf(username))
  return home === undefined ? undefined : users.find(call, home.parent, folded(username), BY_LOGIN)
}

/** What an update may change; not updatable are externalId, isActive and credentials (yandex-idp 10). */
export const UPDATABLE = [
  'username',
  'fullName',
  'givenName',
  'familyName',
  'email',
  'phoneNumber',
  'companyName',
  'department',
  'jobTitle',
  'employeeId',
  'expiresAt',
] as const

/** What a list of users may be filtered by (a guess, yandex-idp 7). */
export const FILTER_FIELDS = ['id', 'username', 'fullName', 'email', 'externalId', 'status'] as const

/** Those of them that the directory finds by itself. */
export const FILED: readonly string[] = ['username', 'email', 'externalId', 'status']

/** A user in the words of OpenID Connect. */
export function claimsOf({ id, fullName, givenName, familyName, username, email, phoneNumber }: User): SubjectClaims {
  return {
    sub: id,
    name: fullName,
    givenName,
    familyName,
    preferredUsername: username,
    email,
    phoneNumber,
    subType: 'USER_ACCOUNT',
  }
}

export function domainOf(username: string): string {
  return username.slice(username.lastIndexOf('@') + 1).toLowerCase()
}

/** User names are compared without regard to case (a guess, yandex-idp 10). */
export function folded(username: string): string {
  return username.toLowerCase()
}

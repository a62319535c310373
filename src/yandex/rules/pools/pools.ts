import type { Call } from '../../../core/call.ts'
import { members } from '../../../directory/members.ts'
import { syncSettings } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { PasswordQualityPolicy, Userpool } from '../../contract/types.ts'
import { accessBindings, audiences, domains, homes, mfaEnforcements, type Pool, pools, type StoredDomain, users } from '../../records.ts'
import { forgetTokens } from '../access/iam-tokens.ts'
import { excludedOf } from '../users/mfa.ts'

/** What a default subdomain stands under (yandex-idp 12); the other region's is unknown, so it is the same here. */
const DEFAULT_SUFFIX = 'idp.yandexcloud.net'

export function defaultDomain(subdomain: string): string {
  return `${subdomain.toLowerCase()}.${DEFAULT_SUFFIX}`
}

/** Labels of letters, digits and inner hyphens; a subdomain may have dots (yandex-idp 12). */
export function isDomain(name: string): boolean {
  return /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/i.test(name)
}

/** A new pool's policies (yandex-idp 11); what is not named there is a guess: no longest length, no look for weak sequences. */
export const DEFAULT_POLICIES = {
  userSettings: {},
  passwordQualityPolicy: { smart: { fourClasses: '10', threeClasses: '11', twoClasses: '24' } },
  passwordLifetimePolicy: { maxDaysCount: '365' },
  bruteforceProtectionPolicy: { window: '600s', block: '600s', attempts: '15' },
  passwordBlacklistPolicy: { checkCommon: true },
} satisfies Partial<Userpool>

/** Without the deprecated members, which are accepted and not returned; smart unless a kind is chosen (yandex-idp 11). */
export function qualityPolicy(given: PasswordQualityPolicy): PasswordQualityPolicy {
  const { minLength: _length, requiredClasses: _classes, minLengthByClassSettings: _settings, ...policy } = given
  return policy.fixed === undefined && policy.smart === undefined ? { ...policy, ...DEFAULT_POLICIES.passwordQualityPolicy } : policy
}

/** The pool as the API shows it. That its default domain is among its domains is a guess (yandex-idp 12). */
export function poolView(call: Call, pool: Pool): Userpool {
  return { ...pool, domains: domains.all(call, pool.id).map(({ domain }) => domain) }
}

/** The default domain counts as validated and cannot be deleted (yandex-idp 12). */
export function givenDomain(domain: string, at: string): StoredDomain {
  return { domain, status: 'VALID', createdAt: at, validatedAt: at, deletionProtection: true }
}

/** Refuses a name that another pool of the organization has. */
export function requireFreeName(call: YandexCall, organization: string, name: string, own?: string): void {
  const other = pools.all(call, organization).find((pool) => pool.name === name && pool.id !== own)
  if (other !== undefined) call.fail('ALREADY_EXISTS', `Userpool with name ${name} already exists`)
}

/** The team that all users of an organization are in. */
export const EVERYBODY = ''

/** What an organization knows of a user that goes, the tokens included. */
export function forget(call: Call, pool: string, user: string): void {
  homes.remove(call, 'user', user)
  forgetTokens(call, user)
  const organization = homes.get(call, 'pool', pool)
  if (organization === undefined) return
  members.removePerson(call, organization.parent, user)
  for (const { id } of mfaEnforcements.all(call, organization.parent))
    for (const at of [id, excludedOf(id)]) audiences.remove(call, at, user)
}

/** Everything in a pool goes with it (a guess, yandex-idp 12). */
export function empty(call: Call, pool: string): void {
  for (let after: number | undefined; ; ) {
    const { items, next } = users.page(call, pool, { limit: 1000, after })
    for (const { id } of items) forget(call, pool, id)
    if (typeof next !== 'number') break
    after = next
  }
  users.removeAll(call, pool)
  for (const { domain } of domains.all(call, pool)) homes.remove(call, 'domain', domain)
  domains.removeAll(call, pool)
  accessBindings.removeAll(call, pool)
  syncSettings.remove(call, '', pool)
  homes.remove(call, 'pool', pool)
}

/** What an update may change; not the organization, nor the default subdomain (yandex-idp 12). */
export const UPDATABLE = [
  'name',
  'description',
  'labels',
  'userSettings',
  'passwordQualityPolicy',
  'passwordLifetimePolicy',
  'bruteforceProtectionPolicy',
  'passwordBlacklistPolicy',
] as const

/** A pool's domain, however it is written. */
export function requireDomain(call: YandexCall, pool: Pool, domain: string): StoredDomain {
  const found = domains.get(call, pool.id, domain.toLowerCase())
  return found ?? call.fail('NOT_FOUND', `Domain ${domain} not found in userpool ${pool.id}`)
}

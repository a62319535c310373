import type { Call } from '../../../core/call.ts'
import { members } from '../../../directory/members.ts'
import { homes, type User, users } from '../../records.ts'
import { groupsOf } from '../users/groups.ts'
import { teamOf } from './applications.ts'

/** An application that people sign in to, of either protocol. */
interface Application {
  id: string
  organizationId: string
  groupClaimsSettings?: { groupDistributionType?: string | undefined; groupClaimValue?: string | undefined } | undefined
}

export function userById(call: Call, id: string): User | undefined {
  const home = homes.get(call, 'user', id)
  return home === undefined ? undefined : users.get(call, home.parent, id)
}

/** What keeps a user from signing in at all, whatever the application (yandex-idp 14). */
export function blockOf(call: Call, user: User): string | undefined {
  if (user.status !== 'ACTIVE') return 'User is not active'
  if (user.expiresAt !== undefined && Date.parse(user.expiresAt) <= call.now) return 'User has expired'
  return undefined
}

/** Only who is assigned to an application may sign in to it, directly or by a group (yandex-idp 14). */
function isAssigned(call: Call, { id, organizationId }: Application, user: string): boolean {
  const assigned = (subject: string) => members.has(call, organizationId, teamOf(id), subject)
  return assigned(user) || groupsOf(call, organizationId, user).some((group) => assigned(group.id))
}

/** At most so many groups are told to an application (yandex-idp 14). */
const MOST_GROUPS = 1000

/** What an application is told of a group: its name, unless the application wants something else (docs: organization/concepts/applications/oidc). */
const TOLD: Readonly<Record<string, 'id' | 'externalId'>> = { ID: 'id', EXTERNAL_ID: 'externalId' }

/** A user's groups, as far as the application is told of them: all, or those that are assigned to it. (?) Not those without what it wants. */
export function groupsTold(call: Call, application: Application, user: string): string[] | undefined {
  const { groupDistributionType: type, groupClaimValue = '' } = application.groupClaimsSettings ?? {}
  if (type !== 'ALL_GROUPS' && type !== 'ASSIGNED_GROUPS') return undefined
  const all = groupsOf(call, application.organizationId, user)
  const told =
    type === 'ALL_GROUPS' ? all : all.filter(({ id }) => members.has(call, application.organizationId, teamOf(application.id), id))
  const value = TOLD[groupClaimValue] ?? 'name'
  return told.slice(0, MOST_GROUPS).flatMap((group) => group[value] ?? [])
}

/** (?) What an application is told of somebody who is not assigned to it. */
const NOT_ASSIGNED = 'access_denied'

/** Why somebody who proved who they are gets into this application all the same not. */
export function barOf(call: Call, application: Application, user: string): { error: 'access_denied'; reason: string } | undefined {
  if (isAssigned(call, application, user)) return undefined
  return { error: NOT_ASSIGNED, reason: `The user ${user} is not assigned to the application ${application.id}.` }
}

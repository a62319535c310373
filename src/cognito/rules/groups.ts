import { members } from '../../directory/members.ts'
import type { CognitoCall } from '../operation.ts'
import { type Group, groups, type Pool, type User } from '../records.ts'

export const NO_GROUP = 'Group not found.'

/** The group, or the refusal of every operation that names one (cognito-facts 63). */
export function requireGroup(call: CognitoCall, pool: Pool, name: string): Group {
  return groups.get(call, pool.Id, name) ?? call.fail('ResourceNotFoundException', NO_GROUP)
}

/** All groups of a person, in the order of joining. */
export function groupsOf(call: CognitoCall, pool: Pool, user: User): Group[] {
  return members
    .teams(call, pool.Id, user.sub)
    .items.map(({ team }) => groups.get(call, pool.Id, team))
    .filter((group) => group !== undefined)
}

export interface GroupClaims {
  /** `cognito:groups` */
  groups: string[]
  /** `cognito:roles` */
  roles: string[]
  /** `cognito:preferred_role`, absent if there is none or the groups of highest rank disagree. */
  preferredRole: string | undefined
}

/**
 * What tokens say of a person's groups: in precedence order, the lowest number first, those without one last (T3). The preferred
 * role is that of the lowest number; groups that share the number with different roles leave it out.
 */
export function groupClaims(call: CognitoCall, pool: Pool, user: User): GroupClaims {
  const ranked = groupsOf(call, pool, user).sort(
    (a, b) => rank(a) - rank(b) || (a.GroupName < b.GroupName ? -1 : a.GroupName > b.GroupName ? 1 : 0),
  )
  const withRole = ranked.filter(({ RoleArn }) => RoleArn !== undefined)
  const first = withRole.filter((group) => rank(group) === rank(withRole[0] as Group))
  const candidates = new Set(first.map(({ RoleArn }) => RoleArn))
  return {
    groups: ranked.map(({ GroupName }) => GroupName),
    roles: [...new Set(withRole.map(({ RoleArn }) => RoleArn as string))],
    preferredRole: candidates.size === 1 ? first[0]?.RoleArn : undefined,
  }
}

function rank({ Precedence }: Group): number {
  return Precedence ?? Number.MAX_SAFE_INTEGER
}

import { members } from '../../../directory/members.ts'
import type { YandexCall } from '../../call.ts'
import type { AccessBinding } from '../../contract/types.ts'
import { accessBindings, homes } from '../../records.ts'
import { DEMO_SUBJECT } from '../../settings.ts'
import { EVERYBODY } from '../pools/pools.ts'
import { OWNER, type Permission, permissionsOf } from './roles.ts'

/** Something that roles are given on: its id, and what it lies in. What a role allows on a parent it allows on all below it. */
export interface Place {
  /** As refusals name it: `organization-manager.userpool`. */
  kind: string
  id: string
  within: readonly string[]
}

/** Whether roles decide: with `--yandex-auth strict`, for calls that somebody makes. */
export function isGuarded(call: YandexCall): boolean {
  return call.room.auth === 'strict' && call.origin.transport !== 'fixture' && call.origin.transport !== 'internal'
}

/** What the caller may do at a place, by the bindings there and above. The demo subject owns every organization: nobody can be made to by the API. */
export function permissionsAt(call: YandexCall, { id, within }: Place): ReadonlySet<Permission> {
  if (call.subject === DEMO_SUBJECT) return permissionsOf(OWNER)
  const names = namesOf(call)
  const bound = [id, ...within].flatMap((resource) => accessBindings.all(call, resource)).filter(({ subject }) => names.has(subject.id))
  return new Set(bound.flatMap(({ roleId }) => [...permissionsOf(roleId)]))
}

export function may(call: YandexCall, place: Place, ...any: readonly Permission[]): boolean {
  const held = permissionsAt(call, place)
  return any.some((permission) => held.has(permission))
}

/** The text is seen from a service of the same family, for `resource-manager.folder`; the names of other kinds are guesses. */
export function deny(call: YandexCall, { kind, id }: Pick<Place, 'kind' | 'id'>): never {
  return call.fail('PERMISSION_DENIED', `Permission denied to ${kind} ${id}`.trimEnd())
}

/** Under which ids the caller may be bound: its own, those of its groups, and the system's groups of all who are somewhere. */
function namesOf(call: YandexCall): ReadonlySet<string> {
  const names = new Set([call.subject, 'allAuthenticatedUsers', 'allUsers'])
  for (const { id } of call.organizations()) {
    for (const { team } of members.teams(call, id, call.subject).items) {
      names.add(team === EVERYBODY ? `group:organization:${id}:users` : team)
    }
  }
  const pool = homes.get(call, 'user', call.subject)?.parent
  if (pool !== undefined) names.add(`group:userpool:${pool}:users`)
  return names
}

/** What is another service's: whoever may bind here binds what they like of it. */
const FOREIGN: ReadonlySet<Permission> = new Set(['clients.view', 'clients.edit', 'tokens.create'])

/** Nobody gives or takes more of this service than they have: only an owner makes owners. */
export function requireGrantable(call: YandexCall, place: Place, bindings: readonly AccessBinding[]): void {
  if (!isGuarded(call)) return
  const held = permissionsAt(call, place)
  const isBeyond = (permission: Permission) => !held.has(permission) && !FOREIGN.has(permission)
  const beyond = bindings.some(({ roleId }) => [...permissionsOf(roleId)].some(isBeyond))
  if (beyond) deny(call, place)
}

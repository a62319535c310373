import type { Call } from '../../../core/call.ts'
import { members } from '../../../directory/members.ts'
import type { YandexCall } from '../../call.ts'
import { accessBindings, groups, homes, type StoredGroup } from '../../records.ts'
import { dropBindings, keyOf } from '../access/access-bindings.ts'
import { type Change, drop, dropPerson, dropTeam, put } from '../running/changes.ts'

/** Where a group's names are filed: unique in the organization, and by its directory's id in the container (yandex-idp 16). */
const NAME = 'group-name'
const EXTERNAL = 'group-external'

function nameKey({ organizationId, name }: Pick<StoredGroup, 'organizationId' | 'name'>): string {
  return `${organizationId}\n${name}`
}

export function externalKey(container: string, externalId: string): string {
  return `${container}\n${externalId}`
}

export function requireFreeGroupName(call: YandexCall, group: Pick<StoredGroup, 'organizationId' | 'name'>, own?: string): void {
  const owner = homes.get(call, NAME, nameKey(group))?.parent
  if (owner !== undefined && owner !== own) call.fail('ALREADY_EXISTS', `Group with name ${group.name} already exists`)
}

export function requireFreeExternalGroup(call: YandexCall, container: string, externalId: string): void {
  if (byExternalId(call, container, externalId) === undefined) return
  call.fail('ALREADY_EXISTS', `Group with external id ${externalId} already exists`)
}

export function byExternalId(call: Call, container: string, externalId: string): string | undefined {
  return homes.get(call, EXTERNAL, externalKey(container, externalId))?.parent
}

/** A group and where it is found. */
export function file(group: StoredGroup): Change[] {
  const { id, organizationId, subjectContainerId, externalId } = group
  return [
    put(groups, organizationId, id, group),
    put(homes, 'group', id, { parent: organizationId }),
    put(homes, NAME, nameKey(group), { parent: id }),
    ...(externalId === undefined ? [] : [put(homes, EXTERNAL, externalKey(subjectContainerId ?? '', externalId), { parent: id })]),
  ]
}

export function unfile(call: YandexCall, group: StoredGroup): Change[] {
  const { id, organizationId, subjectContainerId, externalId } = group
  return [
    drop(groups, organizationId, id),
    drop(homes, 'group', id),
    drop(homes, NAME, nameKey(group)),
    ...(externalId === undefined ? [] : [drop(homes, EXTERNAL, externalKey(subjectContainerId ?? '', externalId))]),
    dropTeam(organizationId, id),
    // What it was assigned to forgets it, too.
    dropPerson(organizationId, id),
    ...dropBindings(call, id),
  ]
}

export function rename(before: StoredGroup, after: StoredGroup): Change[] {
  return [drop(homes, NAME, nameKey(before)), put(homes, NAME, nameKey(after), { parent: after.id })]
}

/** The directory that a group came from has it no more. */
export function unlink({ id, organizationId, subjectContainerId = '', externalId = '' }: StoredGroup): Change[] {
  const key = externalKey(subjectContainerId, externalId)
  return [
    { what: groups.kind, parent: organizationId, key: id, patch: { subjectContainerId: null, externalId: null } },
    drop(homes, EXTERNAL, key),
  ]
}

/** (?) The role that `makeEditor` gives the caller on the group. */
const EDITOR = 'organization-manager.groups.editor'

export function editor(call: YandexCall, group: string, make: boolean | undefined): Change[] {
  if (make !== true) return []
  const binding = { roleId: EDITOR, subject: { id: call.subject, type: 'userAccount' } }
  return [put(accessBindings, group, keyOf(binding), binding)]
}

/** The groups a subject is in, in the order of joining. */
export function groupsOf(call: Call, organization: string, subject: string): StoredGroup[] {
  return members.teams(call, organization, subject).items.flatMap(({ team }) => groups.get(call, organization, team) ?? [])
}

/** All external groups of a container. */
export function externalGroups(call: YandexCall, container: string): StoredGroup[] {
  const { organizationId } = call.pool(container)
  return groups.all(call, organizationId).filter(({ subjectContainerId }) => subjectContainerId === container)
}

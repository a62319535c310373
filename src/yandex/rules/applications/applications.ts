import type { Call } from '../../../core/call.ts'
import { members } from '../../../directory/members.ts'
import { oauthApplications, type StoredOauth } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { ClientGrant } from '../../contract/types.ts'
import { homes } from '../../records.ts'
import { invalid } from '../../validation.ts'
import { dropBindings } from '../access/access-bindings.ts'
import { kindOf } from '../access/subject-kinds.ts'
import { type ListInput, page } from '../lists.ts'
import { type Change, drop, dropTeam, member } from '../running/changes.ts'
import { applicationOf, requireClient } from './oauth-clients.ts'

export function requireOauth(call: YandexCall, id: string): StoredOauth {
  const home = homes.get(call, 'oauth-application', id)
  const application = home === undefined ? undefined : oauthApplications.get(call, home.parent, id)
  return application ?? call.fail('NOT_FOUND', `Application ${id} not found`)
}

export function requireFreeApplicationName(
  call: YandexCall,
  all: readonly { id: string; name: string }[],
  name: string,
  own?: string,
): void {
  const other = all.find((application) => application.name === name && application.id !== own)
  if (other !== undefined) call.fail('ALREADY_EXISTS', `Application with name ${name} already exists`)
}

/**
 * The client is there and no other application's; openid is among the scopes, unless there are none yet (yandex-idp 14; docs: single sign-on
 * with NetBird; the codes are guesses).
 */
export function requireGrantable(call: YandexCall, grant: ClientGrant | undefined, own?: string): void {
  if (grant === undefined) return
  requireClient(call, grant.clientId)
  const other = applicationOf(call, grant.clientId)
  if (other !== undefined && other !== own) call.fail('ALREADY_EXISTS', `OAuth client ${grant.clientId} is used by application ${other}`)
  const { authorizedScopes = [] } = grant
  if (authorizedScopes.length > 0 && !authorizedScopes.includes('openid')) {
    throw invalid([{ field: 'client_grant.authorized_scopes', description: 'Must have openid' }])
  }
}

/** Who may sign in to an application is filed like the members of a group. */
export function teamOf(application: string): string {
  return `application ${application}`
}

export function listAssignments(
  call: YandexCall,
  { id, organizationId }: { id: string; organizationId: string },
  input: ListInput,
): { assignments: { subjectId: string }[]; nextPageToken?: string } {
  const { items, ...rest } = page(input, ['assignments', id], (range) => members.people(call, organizationId, teamOf(id), range))
  return { assignments: items.map(({ person }) => ({ subjectId: person })), ...rest }
}

interface Delta {
  action: 'ADD' | 'REMOVE' | string
  assignment: { subjectId: string }
}

/** Deltas that are double or about nobody are ignored; the answer tells those that were not (yandex-idp 14). */
export function assignmentsUpdated<D extends Delta>(
  call: YandexCall,
  { id, organizationId }: { id: string; organizationId: string },
  deltas: readonly D[] = [],
) {
  const done = new Map<string, boolean>()
  const assigned = (subject: string) => done.get(subject) ?? members.has(call, organizationId, teamOf(id), subject)
  const assignmentDeltas = deltas.filter(({ action, assignment: { subjectId } }) => {
    const wanted = action === 'ADD'
    if (assigned(subjectId) === wanted || (wanted && assignable(call, subjectId) === undefined)) return false
    done.set(subjectId, wanted)
    return true
  })
  const changes = assignmentDeltas.map(({ action, assignment: { subjectId } }) =>
    member(organizationId, teamOf(id), subjectId, action === 'ADD' ? { type: assignable(call, subjectId) ?? '' } : undefined),
  )
  return {
    description: 'Update application assignments',
    metadata: { applicationId: id },
    response: { assignmentDeltas },
    about: id,
    changes,
  }
}

function assignable(call: Call, subject: string): string | undefined {
  return kindOf(call, subject) ?? (homes.get(call, 'group', subject) === undefined ? undefined : 'group')
}

/** What is deleted with an application of either protocol, and how it is meanwhile; `all` is where it is filed, `home` how it is found. */
export function applicationDeleted(
  call: YandexCall,
  { id, organizationId, status }: { id: string; organizationId: string; status: string },
  { all, home, more }: { all: { kind: string }; home: string; more: Change[] },
) {
  const becoming = (next: string): Change => ({ what: all.kind, parent: organizationId, key: id, patch: { status: next } })
  return {
    description: 'Delete application',
    metadata: { applicationId: id },
    response: {},
    about: id,
    changes: [
      drop(all, organizationId, id),
      drop(homes, home, id),
      ...more,
      dropTeam(organizationId, teamOf(id)),
      ...dropBindings(call, id),
    ],
    meanwhile: [becoming('DELETING')],
    otherwise: [becoming(status)],
  }
}

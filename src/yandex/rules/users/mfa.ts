import type { YandexCall } from '../../call.ts'
import type { AudienceDelta, MfaEnforcementStatus } from '../../contract/types.ts'
import { audiences, homes } from '../../records.ts'
import { invalid } from '../../validation.ts'
import { kindOf } from '../access/subject-kinds.ts'
import { type ListInput, pageOf } from '../lists.ts'
import { type Change, drop, put } from '../running/changes.ts'

/** Which factors each level of an enforcement takes (yandex-idp 16, docs: organization/concepts/mfa); SMS is not among those built. */
const TAKES: Readonly<Record<string, readonly ('totp' | 'webauthn')[]>> = {
  'any-mfa': ['webauthn', 'totp'],
  'any-except-sms': ['webauthn', 'totp'],
  phr: ['webauthn'],
}
const LEVELS = Object.keys(TAKES)

export function takenBy(acrId = ''): readonly ('totp' | 'webauthn')[] {
  return TAKES[acrId] ?? []
}

export function requireLevel(acrId: unknown): void {
  if (acrId !== undefined && !LEVELS.includes(String(acrId))) {
    throw invalid([{ field: 'acr_id', description: `Unknown level; levels are ${LEVELS.join(', ')}` }])
  }
}

/** Requests have an enum of their own for it (yandex-idp 16). */
export function statusFrom(status: unknown): MfaEnforcementStatus {
  return status === 'STATUS_ACTIVE' ? 'MFA_ENFORCEMENT_STATUS_ACTIVE' : 'MFA_ENFORCEMENT_STATUS_INACTIVE'
}

/** Where the subjects are filed that an enforcement leaves out. */
export function excludedOf(enforcement: string): string {
  return `${enforcement}/excluded`
}

export function listSubjects(
  call: YandexCall,
  audience: string,
  input: ListInput,
): { subjects: { id: string; type: string }[]; nextPageToken?: string } {
  const { items, ...rest } = pageOf(call, audiences, audience, input)
  return { subjects: items, ...rest }
}

/** What the deltas come to; those that change nothing are left out. */
export function audienceChanges(
  call: YandexCall,
  audience: string,
  deltas: AudienceDelta[] = [],
): { changes: Change[]; effectiveDeltas: AudienceDelta[] } {
  const present = new Set(audiences.all(call, audience).map(({ id }) => id))
  const effectiveDeltas = deltas.filter(({ action, subjectId }) => {
    if (action === 'ACTION_REMOVE') return present.delete(subjectId)
    if (typeOf(call, subjectId) === undefined) call.fail('NOT_FOUND', `Subject ${subjectId} not found`)
    return !present.has(subjectId) && present.add(subjectId)
  })
  const changes = effectiveDeltas.map(({ action, subjectId }) =>
    action === 'ACTION_ADD'
      ? put(audiences, audience, subjectId, { id: subjectId, type: typeOf(call, subjectId) ?? '' })
      : drop(audiences, audience, subjectId),
  )
  return { changes, effectiveDeltas }
}

function typeOf(call: YandexCall, subject: string): string | undefined {
  return kindOf(call, subject) ?? (homes.get(call, 'group', subject) === undefined ? undefined : 'group')
}

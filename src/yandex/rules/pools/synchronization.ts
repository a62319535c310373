import { type StoredSession, type StoredSync, syncSessions, syncSettings } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { ProgressEntry, SourceAttributes, SynchronizationSession } from '../../contract/types.ts'
import { homes } from '../../records.ts'
import { timeText } from '../times.ts'

/** (?) How often a directory is looked at when its settings do not say; the API allows 15 minutes to 6 hours. */
export const DEFAULT_INTERVAL = '1800s'

/** (?) A session without a heartbeat for so long has expired. */
const PATIENCE = 300_000

export function requireSync(call: YandexCall, container: string): StoredSync {
  return syncSettings.get(call, '', container) ?? call.fail('NOT_FOUND', `Synchronization settings of ${container} not found`)
}

export function requireSession(call: YandexCall, id: string): StoredSession {
  const home = homes.get(call, 'synchronization-session', id)
  const session = home === undefined ? undefined : syncSessions.get(call, home.parent, id)
  return session === undefined ? call.fail('NOT_FOUND', `Session ${id} not found`) : aged(call, session)
}

/** One that can still be worked with. */
export function requireOpen(call: YandexCall, id: string): StoredSession {
  const session = requireSession(call, id)
  if (session.status !== 'OPENED') call.fail('FAILED_PRECONDITION', `Session ${id} is ${session.status.toLowerCase()}`)
  return session
}

/** As it is by now: an open one whose agent went silent has expired. */
export function aged(call: YandexCall, session: StoredSession): StoredSession {
  return session.status === 'OPENED' && Date.parse(session.expiresAt) <= call.now ? { ...session, status: 'EXPIRED' } : session
}

export function sessionView({ subjectContainerId: _container, ...session }: StoredSession): SynchronizationSession {
  return session
}

export function patience(call: YandexCall): string {
  return timeText(call.now + PATIENCE)
}

/** When the next session of this kind may begin: an interval after the last one that was completed (a guess; users' passwords do not wait). */
export function nextSessionAt(call: YandexCall, settings: StoredSync, sessions: StoredSession[], type: string): number {
  const last = sessions.filter(({ sessionType, status }) => sessionType === type && status === 'COMPLETED').at(-1)
  if (type !== 'AD_SYNC' || last === undefined) return call.now
  return Date.parse(last.createdAt) + Number((settings.synchronizationInterval ?? DEFAULT_INTERVAL).slice(0, -1)) * 1000
}

/** The report of an object's changes replaces the one before. */
export function merged(before: ProgressEntry[] = [], reported: ProgressEntry[] = []): ProgressEntry[] {
  const entries = new Map(before.map((entry) => [entry.objectType, entry]))
  for (const entry of reported) entries.set(entry.objectType, entry)
  return [...entries.values()]
}

const direct = (...attributes: string[]): SourceAttributes[] => [{ type: 'DIRECT', attributes }]

/** What Active Directory's attributes may become (yandex-idp 13). */
export const SUPPORTED = {
  userSupportedAttributes: [
    { targetAttribute: 'FULL_NAME' as const, sourceAttributes: direct('displayName') },
    { targetAttribute: 'GIVEN_NAME' as const, sourceAttributes: direct('givenName') },
    { targetAttribute: 'FAMILY_NAME' as const, sourceAttributes: direct('sn') },
    { targetAttribute: 'EMAIL' as const, sourceAttributes: direct('mail') },
    { targetAttribute: 'PHONE_NUMBER' as const, sourceAttributes: direct('telephoneNumber') },
    { targetAttribute: 'USERNAME' as const, sourceAttributes: direct('userPrincipalName') },
    { targetAttribute: 'COMPANY_NAME' as const, sourceAttributes: direct('company') },
    { targetAttribute: 'JOB_TITLE' as const, sourceAttributes: direct('title') },
    { targetAttribute: 'DEPARTMENT' as const, sourceAttributes: direct('department') },
    { targetAttribute: 'EMPLOYEE_ID' as const, sourceAttributes: direct('employeeID') },
  ],
  groupSupportedAttributes: [
    { targetAttribute: 'NAME' as const, sourceAttributes: direct('name') },
    { targetAttribute: 'DESCRIPTION' as const, sourceAttributes: direct('description') },
  ],
}

/** An agent keeps a token for each kind of its sessions (yandex-idp 13). */
export const SESSION_TYPES = ['AD_SYNC', 'AD_PASSWORD_HASH', 'AD_USER_CONTROL'] as const

import { replicationTokens, type StoredSession, syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { aged, nextSessionAt, patience, requireSync, sessionView } from '../rules/pools/synchronization.ts'
import { put } from '../rules/running/changes.ts'
import { timeText } from '../rules/times.ts'

/** One session of each kind at a time, and not too early (yandex-idp 13; what the answers hold is a guess). */
export default operation('SynchronizationSessionService.OpenSession', (input, call) => {
  const { agentId, sessionType } = input
  const settings = requireSync(call, input.subjectContainerId)
  const { subjectContainerId } = settings
  const description = 'Open synchronization session'

  const sessions = syncSessions.all(call, subjectContainerId).map((session) => aged(call, session))
  const open = sessions.find((session) => session.sessionType === sessionType && session.status === 'OPENED')
  if (open !== undefined) {
    const response = { result: 'OPENED_SESSION_EXISTS' as const, openedSession: sessionView(open) }
    return { description, metadata: { sessionId: open.sessionId }, response, changes: [] }
  }
  const next = nextSessionAt(call, settings, sessions, sessionType)
  if (next > call.now) {
    return { description, metadata: {}, response: { result: 'TOO_EARLY' as const, nextSessionAt: timeText(next) }, changes: [] }
  }

  const replicationToken = replicationTokens.get(call, subjectContainerId, sessionType)?.token
  const session: StoredSession = {
    sessionId: call.id('ek0'),
    subjectContainerId,
    agentId,
    createdAt: call.timestamp,
    expiresAt: patience(call),
    syncMode: replicationToken === undefined ? 'FULL_SYNC' : 'DELTA',
    status: 'OPENED',
    sessionType,
  }
  const { sessionId } = session
  return {
    description,
    metadata: { sessionId },
    response: { result: 'SUCCESS' as const, openedSession: sessionView(session), replicationToken, synchronizationSettings: settings },
    changes: [
      put(syncSessions, subjectContainerId, sessionId, session),
      put(homes, 'synchronization-session', sessionId, { parent: subjectContainerId }),
    ],
  }
})

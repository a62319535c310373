import { syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { merged, requireOpen, sessionView } from '../rules/pools/synchronization.ts'
import { laid, patch } from '../rules/running/changes.ts'

export default operation('SynchronizationSessionService.ReportSessionProgress', (input, call) => {
  const session = requireOpen(call, input.sessionId)
  const { sessionId, subjectContainerId } = session

  const change = { progressEntries: merged(session.progressEntries, input.progressEntries) }
  return {
    description: 'Report progress of synchronization session',
    metadata: { sessionId },
    response: sessionView(laid(session, change)),
    changes: [patch(syncSessions, subjectContainerId, sessionId, change)],
  }
})

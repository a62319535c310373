import { syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { patch } from '../rules/changes.ts'
import { patience, requireOpen } from '../rules/synchronization.ts'

export default operation('SynchronizationSessionService.Heartbeat', (input, call) => {
  const { sessionId, subjectContainerId } = requireOpen(call, input.sessionId)

  return {
    description: 'Heartbeat of synchronization session',
    metadata: { sessionId },
    response: {},
    changes: [patch(syncSessions, subjectContainerId, sessionId, { expiresAt: patience(call) })],
  }
})

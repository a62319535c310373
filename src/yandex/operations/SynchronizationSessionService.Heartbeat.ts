import { syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { patience, requireOpen } from '../rules/pools/synchronization.ts'
import { patch } from '../rules/running/changes.ts'

export default operation('SynchronizationSessionService.Heartbeat', (input, call) => {
  const { sessionId, subjectContainerId } = requireOpen(call, input.sessionId)

  return {
    description: 'Heartbeat of synchronization session',
    metadata: { sessionId },
    response: {},
    changes: [patch(syncSessions, subjectContainerId, sessionId, { expiresAt: patience(call) })],
  }
})

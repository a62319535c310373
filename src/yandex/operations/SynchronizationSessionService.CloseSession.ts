import { syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireOpen, sessionView } from '../rules/pools/synchronization.ts'
import { laid, patch } from '../rules/running/changes.ts'

export default operation('SynchronizationSessionService.CloseSession', (input, call) => {
  const session = requireOpen(call, input.sessionId)
  const { sessionId, subjectContainerId } = session

  const failed = input.failed === true
  const change = {
    status: failed ? ('FAILED' as const) : ('COMPLETED' as const),
    closedAt: call.timestamp,
    failReason: input.failReason ?? '',
  }
  return {
    description: 'Close synchronization session',
    metadata: { sessionId },
    response: sessionView(laid(session, change)),
    changes: [patch(syncSessions, subjectContainerId, sessionId, change)],
  }
})

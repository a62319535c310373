import { syncSessions } from '../application-records.ts'
import { operation } from '../operation.ts'
import { page } from '../rules/lists.ts'
import { aged, sessionView } from '../rules/pools/synchronization.ts'

export default operation('SynchronizationSessionService.ListSessions', (input, call) => {
  const { id } = call.pool(input.subjectContainerId)

  const { items, nextPageToken } = page(
    input,
    ['sessions', id],
    (range) => {
      const { items, next } = syncSessions.page(call, id, range)
      return { items: items.map((session) => aged(call, session)), next }
    },
    ['sessionId', 'agentId', 'status', 'sessionType'],
  )

  return { sessions: items.map(sessionView), nextPageToken }
})

import { operation } from '../operation.ts'
import { requireSession, sessionView } from '../rules/synchronization.ts'

export default operation('SynchronizationSessionService.GetSession', (input, call) => ({
  session: sessionView(requireSession(call, input.sessionId)),
}))

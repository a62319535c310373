import { operation } from '../operation.ts'
import { requireSession, sessionView } from '../rules/pools/synchronization.ts'

export default operation('SynchronizationSessionService.GetSession', (input, call) => ({
  session: sessionView(requireSession(call, input.sessionId)),
}))

import { operation } from '../operation.ts'
import { activeSessions, revokeSession } from '../rules/sign-in/user-sessions.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('RevokeUserSession', (input, call) => {
  const { pool, user, login } = callerOf(call, input.AccessToken)
  const own = activeSessions(call, pool, user).find((session) => session.login === login.eventId)
  if (own?.id === input.SessionId) call.fail('InvalidParameterException', CURRENT)

  revokeSession(call, pool, user, input.SessionId, input.RevokeAssociatedSessions === 'LINKED')

  return {}
})

/** (?) The rule is documented, the sentence is not. */
const CURRENT = 'The current session cannot be revoked.'

import { operation } from '../operation.ts'
import { revokeSession } from '../rules/sign-in/user-sessions.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminRevokeUserSession', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  revokeSession(call, pool, user, input.SessionId, input.RevokeAssociatedSessions === 'LINKED')

  return {}
})

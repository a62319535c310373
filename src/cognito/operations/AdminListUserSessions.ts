import { operation } from '../operation.ts'
import { paged, slice } from '../rules/paging.ts'
import { activeSessions, LARGEST_PAGE_OF_SESSIONS, sessionView } from '../rules/sign-in/user-sessions.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminListUserSessions', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const sessions = activeSessions(call, pool, user)

  const { items, token } = paged(
    call,
    ['AdminListUserSessions', pool.Id, user.sub],
    { token: input.NextToken, limit: undefined, largest: LARGEST_PAGE_OF_SESSIONS },
    (range) => slice(sessions, range),
  )

  return { Sessions: items.map((session) => sessionView(session)), NextToken: token }
})

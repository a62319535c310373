import { operation } from '../operation.ts'
import { paged, slice } from '../rules/paging.ts'
import { activeSessions, LARGEST_PAGE_OF_SESSIONS, sessionView } from '../rules/sign-in/user-sessions.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('ListUserSessions', (input, call) => {
  const { pool, user, login } = callerOf(call, input.AccessToken)
  const sessions = activeSessions(call, pool, user)

  const { items, token } = paged(
    call,
    ['ListUserSessions', pool.Id, user.sub],
    { token: input.NextToken, limit: undefined, largest: LARGEST_PAGE_OF_SESSIONS },
    (range) => slice(sessions, range),
  )

  return { Sessions: items.map((session) => sessionView(session, login)), NextToken: token }
})

import { operation } from '../operation.ts'
import { checkFeedbackToken, giveFeedback, requireThreatProtection } from '../rules/threats/auth-events.ts'
import { require } from '../rules/users/users.ts'

/** (?) Who gave the feedback, where an administrator is `Admin`. */
const USER = 'User'

export default operation('UpdateAuthEventFeedback', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireThreatProtection(call, pool)
  const user = require(call, pool, input.Username)
  checkFeedbackToken(call, pool, user, input.FeedbackToken, input.EventId)

  giveFeedback(call, pool, user, input.EventId, { value: input.FeedbackValue, provider: USER })
  return {}
})

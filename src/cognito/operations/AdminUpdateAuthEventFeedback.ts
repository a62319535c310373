import { operation } from '../operation.ts'
import { giveFeedback, requireThreatProtection } from '../rules/threats/auth-events.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminUpdateAuthEventFeedback', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireThreatProtection(call, pool)
  const user = require(call, pool, input.Username)

  giveFeedback(call, pool, user, input.EventId, { value: input.FeedbackValue, provider: 'Admin' })
  return {}
})

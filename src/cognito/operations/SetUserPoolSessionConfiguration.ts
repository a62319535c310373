import { operation } from '../operation.ts'
import { sessionTracking } from '../records.ts'
import { requireFeature } from '../rules/pools/tier.ts'
import { checkTokenSessions } from '../rules/sign-in/session-tracking.ts'

/** What clients were told stays while tracking is off, and counts again when it is on. */
export default operation('SetUserPoolSessionConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireFeature(call, pool, 'ESSENTIALS', 'Session tracking')
  const perUser = checkTokenSessions(call, input.TokenSession.MaxPerUser)

  sessionTracking.put(call, pool.Id, '', { tracked: input.UserSessionTracking === 'ENABLED', perUser })

  return { UserPoolId: pool.Id, UserSessionTracking: input.UserSessionTracking, TokenSession: { MaxPerUser: perUser } }
})

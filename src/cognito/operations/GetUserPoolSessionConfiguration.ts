import { operation } from '../operation.ts'
import { trackingOf } from '../rules/sign-in/session-tracking.ts'

export default operation('GetUserPoolSessionConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { tracked, perUser } = trackingOf(call, pool)

  return { UserPoolId: pool.Id, UserSessionTracking: tracked ? 'ENABLED' : 'DISABLED', TokenSession: { MaxPerUser: perUser } }
})

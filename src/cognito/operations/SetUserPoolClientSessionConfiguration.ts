import { operation } from '../operation.ts'
import { clientSessions } from '../records.ts'
import { requireFeature } from '../rules/pools/tier.ts'
import { checkReuseMinutes, trackingOf } from '../rules/sign-in/session-tracking.ts'

export default operation('SetUserPoolClientSessionConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ClientId } = call.client(pool, input.ClientId)
  requireFeature(call, pool, 'ESSENTIALS', 'Session tracking')
  const minutes = checkReuseMinutes(call, input.SSOSession.MaxValidityMinutes)
  if (!trackingOf(call, pool).tracked) call.fail('InvalidParameterException', NOT_TRACKED)

  clientSessions.put(call, pool.Id, ClientId, { minutes })

  return { UserPoolId: pool.Id, ClientId, SSOSession: { MaxValidityMinutes: minutes } }
})

/** (?) The rule is documented, the sentence is not. */
const NOT_TRACKED = 'Session tracking is not enabled for the user pool.'

import { operation } from '../operation.ts'
import { reuseMinutes } from '../rules/sign-in/session-tracking.ts'

export default operation('GetUserPoolClientSessionConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ClientId } = call.client(pool, input.ClientId)

  return { UserPoolId: pool.Id, ClientId, SSOSession: { MaxValidityMinutes: reuseMinutes(call, pool, ClientId) } }
})

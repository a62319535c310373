import { operation } from '../operation.ts'
import { mfaView } from '../rules/pools/mfa.ts'

export default operation('GetUserPoolMfaConfig', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return mfaView(call, pool)
})

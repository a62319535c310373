import { operation } from '../operation.ts'
import { begin } from '../rules/sign-in/sign-in.ts'

export default operation('AdminInitiateAuth', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)

  return begin(call, { pool, client, admin: true }, input)
})

import { operation } from '../operation.ts'
import { begin } from '../rules/sign-in/sign-in.ts'

export default operation('InitiateAuth', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)

  return begin(call, { pool, client, admin: false }, input)
})

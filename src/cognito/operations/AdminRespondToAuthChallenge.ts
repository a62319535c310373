import { operation } from '../operation.ts'
import { respond } from '../rules/sign-in/sign-in.ts'

export default operation('AdminRespondToAuthChallenge', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)

  return respond(call, { pool, client }, input)
})

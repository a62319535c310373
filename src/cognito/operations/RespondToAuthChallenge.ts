import { operation } from '../operation.ts'
import { respond } from '../rules/sign-in/sign-in.ts'

export default operation('RespondToAuthChallenge', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)

  return respond(call, { pool, client }, input)
})

import { operation } from '../operation.ts'
import { removeClient } from '../rules/clients/removal.ts'

export default operation('DeleteUserPoolClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)

  removeClient(call, client)
})

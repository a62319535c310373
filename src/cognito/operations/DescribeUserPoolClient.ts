import { operation } from '../operation.ts'
import { clientView } from '../rules/clients/settings.ts'

export default operation('DescribeUserPoolClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)

  return { UserPoolClient: clientView(client) }
})

import { operation } from '../operation.ts'
import { secretView } from '../rules/clients/secrets.ts'
import { paged, slice } from '../rules/paging.ts'

export default operation('ListUserPoolClientSecrets', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)
  const question = ['ListUserPoolClientSecrets', pool.Id, client.ClientId]

  const { items, token } = paged(call, question, { token: input.NextToken, limit: undefined }, (range) => slice(client.Secrets, range))

  return { ClientSecrets: items.map(secretView), NextToken: token }
})

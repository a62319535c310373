import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { paged } from '../rules/paging.ts'

export default operation('ListUserPoolClients', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const question = ['ListUserPoolClients', pool.Id, input.ClientType]

  const { items, token } = paged(call, question, { token: input.NextToken, limit: input.MaxResults }, (range) =>
    clients.page(call, pool.Id, range),
  )
  // A page may be short and still not be the last (cognito-facts 106).
  const asked = items.filter(({ ClientType = 'REGULAR' }) => input.ClientType === undefined || ClientType === input.ClientType)

  return { UserPoolClients: asked.map(({ ClientId, UserPoolId, ClientName }) => ({ ClientId, UserPoolId, ClientName })), NextToken: token }
})

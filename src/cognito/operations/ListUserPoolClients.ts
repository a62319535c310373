import { open, seal } from '../../core/cursor.ts'
import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { INVALID_TOKEN } from '../rules/pool-checks.ts'

const MOST = 60

export default operation('ListUserPoolClients', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const question = ['ListUserPoolClients', pool.Id, input.ClientType]
  const after = input.NextToken === undefined ? 0 : open(input.NextToken, question)
  if (after === undefined) call.fail('InvalidParameterException', INVALID_TOKEN)

  const { items, next } = clients.page(call, pool.Id, { after, limit: input.MaxResults ?? MOST })

  // A page may be short and still not be the last (cognito-facts 106).
  const asked = items.filter(({ ClientType = 'REGULAR' }) => input.ClientType === undefined || ClientType === input.ClientType)

  return {
    UserPoolClients: asked.map(({ ClientId, UserPoolId, ClientName }) => ({ ClientId, UserPoolId, ClientName })),
    NextToken: next === undefined ? undefined : seal(next, question),
  }
})

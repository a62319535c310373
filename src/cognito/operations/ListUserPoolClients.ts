import { open, seal } from '../../core/cursor.ts'
import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { INVALID_TOKEN } from '../rules/pool-checks.ts'

const MOST = 60

export default operation('ListUserPoolClients', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const question = ['ListUserPoolClients', pool.Id]
  const after = input.NextToken === undefined ? 0 : open(input.NextToken, question)
  if (after === undefined) call.fail('InvalidParameterException', INVALID_TOKEN)

  const { items, next } = clients.page(call, pool.Id, { after, limit: input.MaxResults ?? MOST })

  return {
    UserPoolClients: items.map(({ ClientId, UserPoolId, ClientName }) => ({ ClientId, UserPoolId, ClientName })),
    NextToken: next === undefined ? undefined : seal(next, question),
  }
})

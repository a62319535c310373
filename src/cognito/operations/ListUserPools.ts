import { open, seal } from '../../core/cursor.ts'
import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { INVALID_TOKEN } from '../rules/pool-checks.ts'

const QUESTION = 'ListUserPools'

export default operation('ListUserPools', (input, call) => {
  const after = input.NextToken === undefined ? 0 : open(input.NextToken, QUESTION)
  if (after === undefined) call.fail('InvalidParameterException', INVALID_TOKEN)

  const { items, next } = pools.page(call, '', { after, limit: input.MaxResults })

  return {
    UserPools: items.map(({ Id, Name, LambdaConfig, LastModifiedDate, CreationDate }) => ({
      Id,
      Name,
      LambdaConfig,
      LastModifiedDate,
      CreationDate,
    })),
    NextToken: next === undefined ? undefined : seal(next, QUESTION),
  }
})

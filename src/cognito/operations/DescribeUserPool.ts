import { operation } from '../operation.ts'
import { users } from '../records.ts'

export default operation('DescribeUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserPool: { ...pool, EstimatedNumberOfUsers: users.count(call, pool.Id) } }
})

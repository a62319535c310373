import { operation } from '../operation.ts'
import { poolView } from '../rules/pools/view.ts'

export default operation('DescribeUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserPool: poolView(call, pool) }
})

import { operation } from '../operation.ts'
import { logDeliveries } from '../records.ts'
import { regionKey } from '../rules/pools/replicas.ts'

export default operation('GetLogDeliveryConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return {
    LogDeliveryConfiguration: logDeliveries.get(call, pool.Id, regionKey(call, pool)) ?? { UserPoolId: pool.Id, LogConfigurations: [] },
  }
})

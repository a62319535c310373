import { operation } from '../operation.ts'
import { logDeliveries } from '../records.ts'
import { checkLogConfigurations } from '../rules/pools/log-delivery.ts'
import { regionKey } from '../rules/pools/replicas.ts'

export default operation('SetLogDeliveryConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { LogConfigurations } = input
  checkLogConfigurations(call, pool, LogConfigurations)

  return { LogDeliveryConfiguration: logDeliveries.put(call, pool.Id, regionKey(call, pool), { UserPoolId: pool.Id, LogConfigurations }) }
})

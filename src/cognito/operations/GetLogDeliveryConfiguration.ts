import { operation } from '../operation.ts'
import { logDeliveries } from '../records.ts'

export default operation('GetLogDeliveryConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { LogDeliveryConfiguration: logDeliveries.get(call, pool.Id, '') ?? { UserPoolId: pool.Id, LogConfigurations: [] } }
})

import { operation } from '../operation.ts'
import { forget, requireDevice } from '../rules/factors/devices.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminForgetDevice', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  forget(call, pool, user, requireDevice(call, pool, user, input.DeviceKey))
})

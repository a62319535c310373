import { operation } from '../operation.ts'
import { deviceView, requireDevice } from '../rules/factors/devices.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminGetDevice', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  return { Device: deviceView(pool, user, requireDevice(call, pool, user, input.DeviceKey), { admin: true }) }
})

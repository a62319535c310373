import { operation } from '../operation.ts'
import { remember, requireDevice } from '../rules/factors/devices.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminUpdateDeviceStatus', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const device = requireDevice(call, pool, user, input.DeviceKey)

  if (input.DeviceRememberedStatus !== undefined) remember(call, pool, user, device, input.DeviceRememberedStatus === 'remembered')
  return {}
})

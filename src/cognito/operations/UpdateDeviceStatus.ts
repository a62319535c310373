import { operation } from '../operation.ts'
import { remember, requireDevice } from '../rules/factors/devices.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('UpdateDeviceStatus', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const device = requireDevice(call, pool, user, input.DeviceKey)

  if (input.DeviceRememberedStatus !== undefined) remember(call, pool, user, device, input.DeviceRememberedStatus === 'remembered')
  return {}
})

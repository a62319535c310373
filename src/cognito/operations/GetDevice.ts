import { operation } from '../operation.ts'
import { deviceView, requireDevice } from '../rules/factors/devices.ts'
import { requireCaller } from '../rules/tokens/caller.ts'

export default operation('GetDevice', (input, call) => {
  const { pool, user } = requireCaller(call, input.AccessToken)

  return { Device: deviceView(pool, user, requireDevice(call, pool, user, input.DeviceKey), { admin: false }) }
})

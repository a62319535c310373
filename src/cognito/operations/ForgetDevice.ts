import { operation } from '../operation.ts'
import { forget, requireDevice } from '../rules/factors/devices.ts'
import { requireCaller } from '../rules/tokens/caller.ts'

export default operation('ForgetDevice', (input, call) => {
  const { pool, user } = requireCaller(call, input.AccessToken)

  forget(call, pool, user, requireDevice(call, pool, user, input.DeviceKey))
})

import { operation } from '../operation.ts'
import { deviceView, listDevices } from '../rules/factors/devices.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('ListDevices', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const { items, token } = listDevices(call, pool, user, { token: input.PaginationToken, limit: input.Limit })

  return { Devices: items.map((device) => deviceView(pool, user, device, { admin: false })), PaginationToken: token }
})

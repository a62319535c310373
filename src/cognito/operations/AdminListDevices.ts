import { operation } from '../operation.ts'
import { deviceView, listDevices } from '../rules/factors/devices.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminListDevices', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)
  const { items, token } = listDevices(call, pool, user, { token: input.PaginationToken, limit: input.Limit })

  return { Devices: items.map((device) => deviceView(pool, user, device, { admin: true })), PaginationToken: token }
})

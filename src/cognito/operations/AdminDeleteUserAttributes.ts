import { operation } from '../operation.ts'
import { deleteAttributes } from '../rules/users/attribute-updates.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminDeleteUserAttributes', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  deleteAttributes(call, pool, user, input.UserAttributeNames)

  return {}
})

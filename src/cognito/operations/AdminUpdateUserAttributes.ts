import { operation } from '../operation.ts'
import { updateAttributes } from '../rules/users/attribute-updates.ts'
import { toRecord } from '../rules/users/attributes.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminUpdateUserAttributes', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  updateAttributes(call, pool, user, toRecord(input.UserAttributes))

  return {}
})

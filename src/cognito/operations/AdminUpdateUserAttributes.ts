import { operation } from '../operation.ts'
import { updateAttributes } from '../rules/attribute-updates.ts'
import { toRecord } from '../rules/attributes.ts'
import { require } from '../rules/users.ts'

export default operation('AdminUpdateUserAttributes', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const user = require(call, pool, input.Username)

  updateAttributes(call, pool, user, toRecord(input.UserAttributes))

  return {}
})

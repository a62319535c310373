import { operation } from '../operation.ts'
import { deleteAttributes } from '../rules/attribute-updates.ts'
import { requireWritable } from '../rules/attributes.ts'
import { callerOf } from '../rules/tokens.ts'

export default operation('DeleteUserAttributes', (input, call) => {
  const { pool, client, user } = callerOf(call, input.AccessToken)
  requireWritable(call, client, input.UserAttributeNames)

  deleteAttributes(call, pool, user, input.UserAttributeNames)

  return {}
})

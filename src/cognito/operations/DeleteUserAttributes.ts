import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { deleteAttributes } from '../rules/users/attribute-updates.ts'
import { requireWritable } from '../rules/users/attributes.ts'

export default operation('DeleteUserAttributes', (input, call) => {
  const { pool, client, user } = callerOf(call, input.AccessToken)
  requireWritable(call, client, input.UserAttributeNames)

  deleteAttributes(call, pool, user, input.UserAttributeNames)

  return {}
})

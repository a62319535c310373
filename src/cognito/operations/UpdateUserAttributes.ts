import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { updateAttributes } from '../rules/users/attribute-updates.ts'
import { requireWritable, toRecord } from '../rules/users/attributes.ts'

export default operation('UpdateUserAttributes', (input, call) => {
  const { pool, client, user } = callerOf(call, input.AccessToken)
  const given = toRecord(input.UserAttributes)
  requireWritable(call, client, Object.keys(given))

  const { deliveries } = updateAttributes(call, pool, user, given)

  return { CodeDeliveryDetailsList: deliveries.length === 0 ? undefined : deliveries }
})

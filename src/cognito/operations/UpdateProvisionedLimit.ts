import { operation } from '../operation.ts'
import { provisionedLimits } from '../records.ts'
import { limitBy, limitView } from '../rules/provisioned-limits.ts'

export default operation('UpdateProvisionedLimit', (input, call) => {
  const limit = limitBy(call, input.LimitDefinition)
  const { RequestedLimitValue: value } = input
  if (value < limit.free) call.fail('InvalidParameterException', `RequestedLimitValue cannot be less than the default of ${limit.free}.`)
  if (value > limit.most) call.fail('ServiceQuotaExceededException', `RequestedLimitValue cannot be more than the quota of ${limit.most}.`)

  provisionedLimits.put(call, '', limit.category, { value })

  return { Limit: limitView(call, limit) }
})

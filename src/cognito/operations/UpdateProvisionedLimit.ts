import { operation } from '../operation.ts'
import { provisionedLimits } from '../records.ts'
import { limitBy, limitView } from '../rules/pools/provisioned-limits.ts'

export default operation('UpdateProvisionedLimit', (input, call) => {
  const limit = limitBy(call, input.LimitDefinition)
  const { RequestedLimitValue: value } = input
  if (!limit.adjustable) call.fail('InvalidParameterException', notAdjustable(limit.category))
  if (value < limit.free) call.fail('InvalidParameterException', tooLittle(limit.free))
  if (value > limit.most) call.fail('ServiceQuotaExceededException', tooMuch(limit.most))

  provisionedLimits.put(call, call.region, limit.category, { value })

  return { Limit: limitView(call, limit) }
})

// (?) What is refused is documented (reference; developer guide, quotas), the sentences are not known.
const notAdjustable = (category: string) => `The limit of ${category} cannot be adjusted.`
const tooLittle = (free: number) => `RequestedLimitValue cannot be less than the default of ${free}.`
const tooMuch = (most: number) => `RequestedLimitValue cannot be more than the quota of ${most}.`

import { operation } from '../operation.ts'
import { limitBy, limitView } from '../rules/pools/provisioned-limits.ts'

export default operation('GetProvisionedLimit', (input, call) => {
  const limit = limitBy(call, input.LimitDefinition)

  return { Limit: limitView(call, limit) }
})

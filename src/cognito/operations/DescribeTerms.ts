import { operation } from '../operation.ts'
import { requireTerms } from '../rules/look/terms.ts'

export default operation('DescribeTerms', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { Terms: requireTerms(call, pool, input.TermsId) }
})

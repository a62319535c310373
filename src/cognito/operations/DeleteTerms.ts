import { operation } from '../operation.ts'
import { terms } from '../records.ts'
import { requireTerms } from '../rules/look/terms.ts'

export default operation('DeleteTerms', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { TermsId } = requireTerms(call, pool, input.TermsId)

  terms.remove(call, pool.Id, TermsId)
})

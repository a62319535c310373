import { operation } from '../operation.ts'
import { noTerms, termsOf } from '../rules/look/terms.ts'

export default operation('DescribeTermsByClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ClientId } = call.client(pool, input.ClientId)

  return { Terms: termsOf(call, pool, ClientId, input.TermsName) ?? call.fail('ResourceNotFoundException', noTerms(input.TermsName)) }
})

import { operation } from '../operation.ts'
import { terms } from '../records.ts'
import { checkLinks, checkTermsName, requireTerms } from '../rules/look/terms.ts'

/** What is left out stays as it was. */
export default operation('UpdateTerms', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const before = requireTerms(call, pool, input.TermsId)
  const { TermsName = before.TermsName, TermsSource = before.TermsSource, Enforcement = before.Enforcement } = input
  const Links = checkLinks(call, input.Links ?? before.Links)
  if (TermsName !== before.TermsName) checkTermsName(call, pool, before.ClientId, TermsName)

  const updated = { ...before, TermsName, TermsSource, Enforcement, Links, LastModifiedDate: call.seconds }
  return { Terms: terms.put(call, pool.Id, before.TermsId, updated) }
})

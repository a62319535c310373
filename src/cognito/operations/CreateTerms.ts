import { operation } from '../operation.ts'
import { terms } from '../records.ts'
import { checkLinks, checkTermsName } from '../rules/look/terms.ts'

export default operation('CreateTerms', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ClientId } = call.client(pool, input.ClientId)
  const { TermsName, TermsSource, Enforcement } = input
  const Links = checkLinks(call, input.Links)
  checkTermsName(call, pool, ClientId, TermsName)

  const TermsId = call.identifier(() => call.random.uuid())
  const made = terms.insert(call, pool.Id, TermsId, {
    TermsId,
    UserPoolId: pool.Id,
    ClientId,
    TermsName,
    TermsSource,
    Enforcement,
    Links,
    CreationDate: call.seconds,
    LastModifiedDate: call.seconds,
  })

  return { Terms: made }
})

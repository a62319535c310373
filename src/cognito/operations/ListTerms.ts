import { operation } from '../operation.ts'
import { terms } from '../records.ts'
import { paged } from '../rules/paging.ts'

export default operation('ListTerms', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const asked = { token: input.NextToken, limit: input.MaxResults }
  const { items, token } = paged(call, ['ListTerms', pool.Id], asked, (range) => terms.page(call, pool.Id, range))

  return {
    Terms: items.map(({ TermsId, TermsName, Enforcement, CreationDate, LastModifiedDate }) => ({
      TermsId,
      TermsName,
      Enforcement,
      CreationDate,
      LastModifiedDate,
    })),
    NextToken: token,
  }
})

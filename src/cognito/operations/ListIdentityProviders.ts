import { operation } from '../operation.ts'
import { providers } from '../records.ts'
import { paged } from '../rules/paging.ts'

/** A list of providers holds 50 at most, although 60 may be asked for. */
const LARGEST_PAGE = 50

export default operation('ListIdentityProviders', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const asked = { token: input.NextToken, limit: input.MaxResults, largest: LARGEST_PAGE }
  const { items, token } = paged(call, ['ListIdentityProviders', pool.Id], asked, (range) => providers.page(call, pool.Id, range))

  return {
    Providers: items.map(({ ProviderName, ProviderType, LastModifiedDate, CreationDate }) => ({
      ProviderName,
      ProviderType,
      LastModifiedDate,
      CreationDate,
    })),
    NextToken: token,
  }
})

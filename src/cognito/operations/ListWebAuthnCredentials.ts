import { operation } from '../operation.ts'
import { passkeysOf, passkeyView } from '../rules/factors/passkeys.ts'
import { paged, slice } from '../rules/paging.ts'
import { callerOf } from '../rules/tokens/caller.ts'

const LARGEST_PAGE = 20

export default operation('ListWebAuthnCredentials', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const all = passkeysOf(call, pool, user)

  const { items, token } = paged<(typeof all)[number]>(
    call,
    ['ListWebAuthnCredentials', user.sub],
    { token: input.NextToken, limit: input.MaxResults, largest: LARGEST_PAGE },
    (range) => slice(all, range),
  )

  return { Credentials: items.map(passkeyView), NextToken: token }
})

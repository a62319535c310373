import { operation } from '../operation.ts'
import { domains } from '../records.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('UserpoolService.ListDomains', (input, call) => {
  const pool = call.pool(input.userpoolId)

  const { items, nextPageToken } = pageOf(call, domains, pool.id, input, ['domain', 'status'])

  return { domains: items, nextPageToken }
})

import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { pageOf } from '../rules/lists.ts'
import { poolView } from '../rules/pools/pools.ts'

export default operation('UserpoolService.List', (input, call) => {
  const organization = call.organization(input.organizationId)

  const { items, nextPageToken } = pageOf(call, pools, organization.id, input, ['id', 'name', 'status'])

  return { userpools: items.map((pool) => poolView(call, pool)), nextPageToken }
})

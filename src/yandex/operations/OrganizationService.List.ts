import { operation } from '../operation.ts'
import { organizations } from '../records.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('OrganizationService.List', (input, call) => {
  call.organizations()

  const { items, nextPageToken } = pageOf(call, organizations, '', input, ['id', 'name'])

  return { organizations: items, nextPageToken }
})

import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('GroupService.List', (input, call) => {
  const organization = call.organization(input.organizationId)

  const { items, nextPageToken } = pageOf(call, groups, organization.id, input, ['id', 'name'])

  return { groups: items, nextPageToken }
})

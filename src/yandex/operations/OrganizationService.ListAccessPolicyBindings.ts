import { operation } from '../operation.ts'
import { accessPolicies } from '../records.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('OrganizationService.ListAccessPolicyBindings', (input, call) => {
  const { id } = call.organization(input.resourceId)

  const { items, nextPageToken } = pageOf(call, accessPolicies, id, input)

  return { accessPolicyBindings: items, nextPageToken }
})

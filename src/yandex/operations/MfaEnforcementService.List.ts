import { operation } from '../operation.ts'
import { mfaEnforcements } from '../records.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('MfaEnforcementService.List', (input, call) => {
  const { id } = call.organization(input.organizationId)

  const { items, nextPageToken } = pageOf(call, mfaEnforcements, id, input)

  return { mfaEnforcements: items, nextPageToken }
})

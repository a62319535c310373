import { operation } from '../operation.ts'
import { listOperations } from '../rules/running/operation-lists.ts'

export default operation('OrganizationService.ListOperations', (input, call) =>
  listOperations(call, call.organization(input.organizationId).id, input),
)

import { operation } from '../operation.ts'
import { listBindings } from '../rules/access/access-bindings.ts'

export default operation('OrganizationService.ListAccessBindings', (input, call) => {
  call.organization(input.resourceId)

  return listBindings(call, input)
})

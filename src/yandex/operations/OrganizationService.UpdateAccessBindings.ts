import { operation } from '../operation.ts'
import { updateBindings } from '../rules/access/access-bindings.ts'

export default operation('OrganizationService.UpdateAccessBindings', (input, call) => {
  const { id } = call.organization(input.resourceId)

  const { changes } = updateBindings(call, id, input.accessBindingDeltas)
  return { description: 'Update organization access bindings', metadata: { resourceId: id }, response: {}, about: id, changes }
})

import { operation } from '../operation.ts'
import { setBindings } from '../rules/access/access-bindings.ts'

export default operation('OrganizationService.SetAccessBindings', (input, call) => {
  const { id } = call.organization(input.resourceId)

  const { changes } = setBindings(call, id, input.accessBindings)
  return { description: 'Set organization access bindings', metadata: { resourceId: id }, response: {}, about: id, changes }
})

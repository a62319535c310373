import { operation } from '../operation.ts'
import { bindingsUpdated } from '../rules/access/access-bindings.ts'
import { requireSaml } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.UpdateAccessBindings', (input, call) => {
  const { id } = requireSaml(call, input.resourceId)

  return bindingsUpdated(call, 'application', id, input.accessBindingDeltas)
})

import { operation } from '../operation.ts'
import { bindingsUpdated } from '../rules/access-bindings.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.UpdateAccessBindings', (input, call) => {
  const { id } = requireSaml(call, input.resourceId)

  return bindingsUpdated(call, 'application', id, input.accessBindingDeltas)
})

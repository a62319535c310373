import { operation } from '../operation.ts'
import { bindingsSet } from '../rules/access/access-bindings.ts'
import { requireSaml } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.SetAccessBindings', (input, call) => {
  const { id } = requireSaml(call, input.resourceId)

  return bindingsSet(call, 'application', id, input.accessBindings)
})

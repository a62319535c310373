import { operation } from '../operation.ts'
import { listBindings } from '../rules/access-bindings.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.ListAccessBindings', (input, call) => {
  requireSaml(call, input.resourceId)

  return listBindings(call, input)
})

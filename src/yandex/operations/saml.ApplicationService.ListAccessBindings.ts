import { operation } from '../operation.ts'
import { listBindings } from '../rules/access/access-bindings.ts'
import { requireSaml } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.ListAccessBindings', (input, call) => {
  requireSaml(call, input.resourceId)

  return listBindings(call, input)
})

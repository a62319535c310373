import { operation } from '../operation.ts'
import { bindingsSet } from '../rules/access/access-bindings.ts'
import { requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.SetAccessBindings', (input, call) => {
  const { id } = requireOauth(call, input.resourceId)

  return bindingsSet(call, 'application', id, input.accessBindings)
})

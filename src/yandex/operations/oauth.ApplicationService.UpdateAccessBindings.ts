import { operation } from '../operation.ts'
import { bindingsUpdated } from '../rules/access/access-bindings.ts'
import { requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.UpdateAccessBindings', (input, call) => {
  const { id } = requireOauth(call, input.resourceId)

  return bindingsUpdated(call, 'application', id, input.accessBindingDeltas)
})

import { operation } from '../operation.ts'
import { listBindings } from '../rules/access/access-bindings.ts'
import { requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.ListAccessBindings', (input, call) => {
  requireOauth(call, input.resourceId)

  return listBindings(call, input)
})

import { operation } from '../operation.ts'
import { updateBindings } from '../rules/access-bindings.ts'
import { requireOauth } from '../rules/applications.ts'

export default operation('oauth.ApplicationService.UpdateAccessBindings', (input, call) => {
  const { id } = requireOauth(call, input.resourceId)

  const { changes, effectiveDeltas } = updateBindings(call, id, input.accessBindingDeltas)
  return {
    description: 'Update application access bindings',
    metadata: { resourceId: id },
    response: { effectiveDeltas },
    about: id,
    changes,
  }
})

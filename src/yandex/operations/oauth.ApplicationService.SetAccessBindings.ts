import { operation } from '../operation.ts'
import { setBindings } from '../rules/access-bindings.ts'
import { requireOauth } from '../rules/applications.ts'

export default operation('oauth.ApplicationService.SetAccessBindings', (input, call) => {
  const { id } = requireOauth(call, input.resourceId)

  const { changes, effectiveDeltas } = setBindings(call, id, input.accessBindings)
  return {
    description: 'Set application access bindings',
    metadata: { resourceId: id },
    response: { effectiveDeltas },
    about: id,
    changes,
  }
})

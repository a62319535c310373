import { operation } from '../operation.ts'
import { setBindings } from '../rules/access-bindings.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.SetAccessBindings', (input, call) => {
  const { id } = requireSaml(call, input.resourceId)

  const { changes, effectiveDeltas } = setBindings(call, id, input.accessBindings)
  return {
    description: 'Set application access bindings',
    metadata: { resourceId: id },
    response: { effectiveDeltas },
    about: id,
    changes,
  }
})

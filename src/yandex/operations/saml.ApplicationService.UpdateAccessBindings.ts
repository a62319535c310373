import { operation } from '../operation.ts'
import { updateBindings } from '../rules/access-bindings.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.UpdateAccessBindings', (input, call) => {
  const { id } = requireSaml(call, input.resourceId)

  const { changes, effectiveDeltas } = updateBindings(call, id, input.accessBindingDeltas)
  return {
    description: 'Update application access bindings',
    metadata: { resourceId: id },
    response: { effectiveDeltas },
    about: id,
    changes,
  }
})

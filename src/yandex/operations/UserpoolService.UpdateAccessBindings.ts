import { operation } from '../operation.ts'
import { updateBindings } from '../rules/access-bindings.ts'

export default operation('UserpoolService.UpdateAccessBindings', (input, call) => {
  const { id } = call.pool(input.resourceId)

  const { changes, effectiveDeltas } = updateBindings(call, id, input.accessBindingDeltas)
  return { description: 'Update userpool access bindings', metadata: { resourceId: id }, response: { effectiveDeltas }, about: id, changes }
})

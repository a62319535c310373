import { operation } from '../operation.ts'
import { updateBindings } from '../rules/access-bindings.ts'

export default operation('GroupService.UpdateAccessBindings', (input, call) => {
  const { id } = call.group(input.resourceId)

  const { changes, effectiveDeltas } = updateBindings(call, id, input.accessBindingDeltas)
  return { description: 'Update group access bindings', metadata: { resourceId: id }, response: { effectiveDeltas }, about: id, changes }
})

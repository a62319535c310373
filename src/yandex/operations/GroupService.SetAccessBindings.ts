import { operation } from '../operation.ts'
import { setBindings } from '../rules/access-bindings.ts'

export default operation('GroupService.SetAccessBindings', (input, call) => {
  const { id } = call.group(input.resourceId)

  const { changes, effectiveDeltas } = setBindings(call, id, input.accessBindings)
  return { description: 'Set group access bindings', metadata: { resourceId: id }, response: { effectiveDeltas }, about: id, changes }
})

import { operation } from '../operation.ts'
import { setBindings } from '../rules/access-bindings.ts'

export default operation('UserpoolService.SetAccessBindings', (input, call) => {
  const { id } = call.pool(input.resourceId)

  const { changes, effectiveDeltas } = setBindings(call, id, input.accessBindings)
  return { description: 'Set userpool access bindings', metadata: { resourceId: id }, response: { effectiveDeltas }, about: id, changes }
})

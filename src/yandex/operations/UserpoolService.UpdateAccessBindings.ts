import { operation } from '../operation.ts'
import { bindingsUpdated } from '../rules/access/access-bindings.ts'

export default operation('UserpoolService.UpdateAccessBindings', (input, call) => {
  const { id } = call.pool(input.resourceId)

  return bindingsUpdated(call, 'userpool', id, input.accessBindingDeltas)
})

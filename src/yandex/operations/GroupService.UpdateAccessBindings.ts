import { operation } from '../operation.ts'
import { bindingsUpdated } from '../rules/access/access-bindings.ts'

export default operation('GroupService.UpdateAccessBindings', (input, call) => {
  const { id } = call.group(input.resourceId)

  return bindingsUpdated(call, 'group', id, input.accessBindingDeltas)
})

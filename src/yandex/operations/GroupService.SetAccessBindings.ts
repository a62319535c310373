import { operation } from '../operation.ts'
import { bindingsSet } from '../rules/access/access-bindings.ts'

export default operation('GroupService.SetAccessBindings', (input, call) => {
  const { id } = call.group(input.resourceId)

  return bindingsSet(call, 'group', id, input.accessBindings)
})

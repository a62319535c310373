import { operation } from '../operation.ts'
import { bindingsSet } from '../rules/access/access-bindings.ts'

export default operation('UserpoolService.SetAccessBindings', (input, call) => {
  const { id } = call.pool(input.resourceId)

  return bindingsSet(call, 'userpool', id, input.accessBindings)
})

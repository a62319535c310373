import { operation } from '../operation.ts'
import { listBindings } from '../rules/access/access-bindings.ts'

export default operation('UserpoolService.ListAccessBindings', (input, call) => {
  call.pool(input.resourceId)

  return listBindings(call, input)
})

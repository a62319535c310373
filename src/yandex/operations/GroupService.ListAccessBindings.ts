import { operation } from '../operation.ts'
import { listBindings } from '../rules/access/access-bindings.ts'

export default operation('GroupService.ListAccessBindings', (input, call) => {
  call.group(input.resourceId)

  return listBindings(call, input)
})

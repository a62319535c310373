import { operation } from '../operation.ts'
import { listOperations } from '../rules/running/operation-lists.ts'

export default operation('GroupService.ListOperations', (input, call) => listOperations(call, call.group(input.groupId).id, input))

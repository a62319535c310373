import { operation } from '../operation.ts'
import { listOperations } from '../rules/running/operation-lists.ts'

/** Those on the pool itself, not on its users (a guess, yandex-idp 9). */
export default operation('UserpoolService.ListOperations', (input, call) =>
  listOperations(call, call.pool(input.userpoolId ?? '').id, input),
)

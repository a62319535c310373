import { operation } from '../operation.ts'
import { poll, told } from '../rules/running/running.ts'

export default operation('OperationService.Get', (input, call) => {
  const found = poll(call, input.operationId) ?? call.fail('NOT_FOUND', `Operation ${input.operationId} not found`)

  return told(call, found)
})

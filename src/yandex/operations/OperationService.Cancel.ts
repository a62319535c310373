import { operation } from '../operation.ts'
import { failWith, status, told } from '../rules/running/running.ts'

/** Nothing in this API is marked cancellable; what still runs is given up, what is over stays as it is (a guess, yandex-idp 9). */
export default operation('OperationService.Cancel', (input, call) => {
  const found =
    failWith(call, input.operationId, status('CANCELLED', 'Operation is cancelled')) ??
    call.fail('NOT_FOUND', `Operation ${input.operationId} not found`)

  return told(call, found)
})

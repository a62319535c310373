import { operation } from '../operation.ts'
import { requireSync } from '../rules/pools/synchronization.ts'

export default operation('SynchronizationService.GetSynchronizationSettings', (input, call) => requireSync(call, input.subjectContainerId))

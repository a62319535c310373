import { replicationTokens } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireSync } from '../rules/pools/synchronization.ts'

export default operation('SynchronizationService.GetReplicationToken', (input, call) => {
  const { subjectContainerId } = requireSync(call, input.subjectContainerId)

  return { replicationToken: replicationTokens.get(call, subjectContainerId, input.sessionType)?.token }
})

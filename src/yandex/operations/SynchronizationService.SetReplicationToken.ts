import { replicationTokens } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireSync } from '../rules/pools/synchronization.ts'
import { put } from '../rules/running/changes.ts'

export default operation('SynchronizationService.SetReplicationToken', (input, call) => {
  const { sessionType, replicationToken } = input
  const { subjectContainerId } = requireSync(call, input.subjectContainerId)

  return {
    description: 'Set replication token',
    metadata: { subjectContainerId },
    response: {},
    about: subjectContainerId,
    changes: [put(replicationTokens, subjectContainerId, sessionType, { token: replicationToken })],
  }
})

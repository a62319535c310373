import { replicationTokens } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireSync, SESSION_TYPES } from '../rules/pools/synchronization.ts'
import { drop } from '../rules/running/changes.ts'

/** Of every kind of session: the next ones synchronise in full. */
export default operation('SynchronizationService.ResetReplicationToken', (input, call) => {
  const { subjectContainerId } = requireSync(call, input.subjectContainerId)

  return {
    description: 'Reset replication token',
    metadata: { subjectContainerId },
    response: {},
    about: subjectContainerId,
    changes: SESSION_TYPES.map((type) => drop(replicationTokens, subjectContainerId, type)),
  }
})

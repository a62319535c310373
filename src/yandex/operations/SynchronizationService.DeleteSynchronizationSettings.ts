import { replicationTokens, syncSettings } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireSync, SESSION_TYPES } from '../rules/pools/synchronization.ts'
import { drop } from '../rules/running/changes.ts'

/** How far its agents had got is forgotten, too. */
export default operation('SynchronizationService.DeleteSynchronizationSettings', (input, call) => {
  const { subjectContainerId } = requireSync(call, input.subjectContainerId)

  return {
    description: 'Delete synchronization settings',
    metadata: { subjectContainerId },
    response: {},
    about: subjectContainerId,
    changes: [
      drop(syncSettings, '', subjectContainerId),
      ...SESSION_TYPES.map((type) => drop(replicationTokens, subjectContainerId, type)),
    ],
  }
})

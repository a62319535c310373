import { type StoredSync, syncSettings } from '../application-records.ts'
import { operation } from '../operation.ts'
import { DEFAULT_INTERVAL } from '../rules/pools/synchronization.ts'
import { put } from '../rules/running/changes.ts'

/** A subject container is a userpool, and has one directory at most. */
export default operation('SynchronizationService.CreateSynchronizationSettings', (input, call) => {
  const { id } = call.pool(input.subjectContainerId)

  if (syncSettings.get(call, '', id) !== undefined) call.fail('ALREADY_EXISTS', `Synchronization settings of ${id} already exist`)

  const settings: StoredSync = { synchronizationInterval: DEFAULT_INTERVAL, ...input, createdAt: call.timestamp }
  return {
    description: 'Create synchronization settings',
    metadata: { subjectContainerId: id },
    response: settings,
    about: id,
    changes: [put(syncSettings, '', id, settings)],
  }
})

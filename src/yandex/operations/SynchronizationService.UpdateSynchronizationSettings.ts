import { type StoredSync, syncSettings } from '../application-records.ts'
import { operation } from '../operation.ts'
import { patchOf } from '../rules/masks.ts'
import { DEFAULT_INTERVAL, requireSync } from '../rules/pools/synchronization.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

const MEMBERS = [
  'filter',
  'replacementDomain',
  'removeUserBehavior',
  'synchronizationInterval',
  'allowToCaptureUsers',
  'allowToCaptureGroups',
  'userAttributeMappings',
  'groupAttributeMappings',
  'enablePasswordWriteback',
]

export default operation('SynchronizationService.UpdateSynchronizationSettings', (input, call) => {
  const settings = requireSync(call, input.subjectContainerId)
  const { subjectContainerId } = settings

  const name = 'SynchronizationService.UpdateSynchronizationSettings'
  const change = patchOf({ name, input, doc: settings, members: MEMBERS, keep: ['filter'] })
  if (change.filter === null) throw invalid([{ field: 'filter', description: 'Field is required' }])
  if (change.synchronizationInterval === null) change.synchronizationInterval = DEFAULT_INTERVAL

  return {
    description: 'Update synchronization settings',
    metadata: { subjectContainerId },
    response: laid<StoredSync>(settings, change),
    about: subjectContainerId,
    changes: [patch(syncSettings, '', subjectContainerId, change)],
  }
})

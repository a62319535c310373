import { operation } from '../operation.ts'
import { groups, type StoredGroup } from '../records.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { rename, requireFreeGroupName } from '../rules/users/groups.ts'
import { invalid } from '../validation.ts'

export default operation('GroupService.Update', (input, call) => {
  const group = call.group(input.groupId)

  const members = ['name', 'description', 'labels']
  const change = patchOf({ name: 'GroupService.Update', input, doc: group, members, keep: ['name'] })
  if (change.name === null) throw invalid([{ field: 'name', description: 'Field is required' }])
  const after = laid<StoredGroup>(group, change)
  requireFreeGroupName(call, after, group.id)

  return {
    description: 'Update group',
    metadata: { groupId: group.id },
    response: after,
    about: group.id,
    changes: [...rename(group, after), patch(groups, group.organizationId, group.id, change)],
  }
})

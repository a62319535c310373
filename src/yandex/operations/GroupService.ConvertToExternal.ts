import { operation } from '../operation.ts'
import { groups, homes } from '../records.ts'
import { laid, patch, put } from '../rules/running/changes.ts'
import { editor, externalKey, requireFreeExternalGroup } from '../rules/users/groups.ts'

/** One that is external already is refused (a guess, as for users). */
export default operation('GroupService.ConvertToExternal', (input, call) => {
  const { subjectContainerId, externalId, makeEditor } = input
  const group = call.group(input.groupId)
  call.pool(subjectContainerId)

  if (group.externalId !== undefined) call.fail('FAILED_PRECONDITION', `Group ${group.id} is already external`)
  requireFreeExternalGroup(call, subjectContainerId, externalId)

  const change = { subjectContainerId, externalId }
  return {
    description: 'Convert group to external',
    metadata: { groupId: group.id, subjectContainerId, externalId, makeEditor },
    response: laid(group, change),
    about: group.id,
    changes: [
      patch(groups, group.organizationId, group.id, change),
      put(homes, 'group-external', externalKey(subjectContainerId, externalId), { parent: group.id }),
      ...editor(call, group.id, makeEditor),
    ],
  }
})

import { operation } from '../operation.ts'
import { groups, type StoredGroup } from '../records.ts'
import { holdQuota } from '../rules/quotas.ts'
import { editor, file, requireFreeExternalGroup, requireFreeGroupName } from '../rules/users/groups.ts'

export default operation('GroupService.CreateExternal', (input, call) => {
  const { makeEditor, ...rest } = input
  const organization = call.organization(input.organizationId)
  const { id: subjectContainerId } = call.pool(input.subjectContainerId)

  requireFreeGroupName(call, input)
  holdQuota(call, 'groups', organization.id, () => groups.count(call, organization.id))
  requireFreeExternalGroup(call, subjectContainerId, input.externalId)

  const group: StoredGroup = { ...rest, id: call.id('aje'), createdAt: call.timestamp }
  return {
    description: 'Create external group',
    metadata: {
      groupId: group.id,
      organizationId: organization.id,
      groupName: group.name,
      subjectContainerId,
      externalId: input.externalId,
      makeEditor,
    },
    response: group,
    about: group.id,
    changes: [...file(group), ...editor(call, group.id, makeEditor)],
  }
})

import { operation } from '../operation.ts'
import { groups, type StoredGroup } from '../records.ts'
import { holdQuota } from '../rules/quotas.ts'
import { file, requireFreeGroupName } from '../rules/users/groups.ts'

export default operation('GroupService.Create', (input, call) => {
  const organization = call.organization(input.organizationId)

  requireFreeGroupName(call, input)
  holdQuota(call, 'groups', organization.id, () => groups.count(call, organization.id))

  const group: StoredGroup = { ...input, id: call.id('aje'), organizationId: organization.id, createdAt: call.timestamp }
  return { description: 'Create group', metadata: { groupId: group.id }, response: group, about: group.id, changes: file(group) }
})

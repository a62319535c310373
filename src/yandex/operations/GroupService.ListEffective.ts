import { operation } from '../operation.ts'
import { kindOf } from '../rules/access/subject-kinds.ts'
import { page } from '../rules/lists.ts'
import { groupsOf } from '../rules/users/groups.ts'

/** The groups a subject is in; without an organization those of all. */
export default operation('GroupService.ListEffective', (input, call) => {
  const { subjectId, organizationId } = input
  if (kindOf(call, subjectId) === undefined) call.fail('NOT_FOUND', `Subject ${subjectId} not found`)
  const organizations = organizationId === undefined ? call.organizations() : [call.organization(organizationId)]

  const all = organizations.flatMap(({ id }) => groupsOf(call, id, subjectId))
  const { items, nextPageToken } = page(
    input,
    ['effective', subjectId, organizationId ?? ''],
    ({ after = 0, limit }) => ({ items: all.slice(after, after + limit), next: after + limit < all.length ? after + limit : undefined }),
    ['id', 'name'],
  )

  return { groupMembershipInfo: items.map(({ id, name }) => ({ groupId: id, groupName: name })), nextPageToken }
})

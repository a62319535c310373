import { members as memberships } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { page } from '../rules/lists.ts'

export default operation('GroupService.ListMembers', (input, call) => {
  const { id, organizationId } = call.group(input.groupId)

  const { items, nextPageToken } = page(input, ['members', id], (range) => memberships.people(call, organizationId, id, range))
  const members = items.map(({ person, doc }) => ({ subjectId: person, subjectType: String(doc.type) }))

  return { members, nextPageToken }
})

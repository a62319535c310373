import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { kindOf } from '../rules/access/subject-kinds.ts'
import { holdQuota } from '../rules/quotas.ts'
import { member } from '../rules/running/changes.ts'
import { groupsOf } from '../rules/users/groups.ts'

/** Adding a member and removing a stranger change nothing (guesses). */
export default operation('GroupService.UpdateMembers', (input, call) => {
  const { id, organizationId } = call.group(input.groupId)

  const { memberDeltas = [] } = input
  const joining = new Set(memberDeltas.flatMap(({ action, subjectId }) => (action === 'ADD' ? [subjectId] : [])))
  const fresh = [...joining].filter((subject) => !members.has(call, organizationId, id, subject))
  holdQuota(call, 'members', id, () => members.count(call, organizationId, id), fresh.length)
  for (const subject of fresh) holdQuota(call, 'memberships', subject, () => groupsOf(call, organizationId, subject).length)

  const changes = memberDeltas.map(({ action, subjectId }) => {
    if (action === 'REMOVE') return member(organizationId, id, subjectId)
    return member(organizationId, id, subjectId, {
      type: kindOf(call, subjectId) ?? call.fail('NOT_FOUND', `Subject ${subjectId} not found`),
    })
  })
  return { description: 'Update group members', metadata: { groupId: id }, response: {}, about: id, changes }
})

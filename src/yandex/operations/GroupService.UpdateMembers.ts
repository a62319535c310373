import { operation } from '../operation.ts'
import { member } from '../rules/changes.ts'
import { kindOf } from '../rules/subjects.ts'

/** Adding a member and removing a stranger change nothing (guesses). */
export default operation('GroupService.UpdateMembers', (input, call) => {
  const { id, organizationId } = call.group(input.groupId)

  const changes = (input.memberDeltas ?? []).map(({ action, subjectId }) => {
    if (action === 'REMOVE') return member(organizationId, id, subjectId)
    return member(organizationId, id, subjectId, {
      type: kindOf(call, subjectId) ?? call.fail('NOT_FOUND', `Subject ${subjectId} not found`),
    })
  })
  return { description: 'Update group members', metadata: { groupId: id }, response: {}, about: id, changes }
})

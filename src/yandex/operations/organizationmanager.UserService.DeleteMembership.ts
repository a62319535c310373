import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { EVERYBODY } from '../rules/pools/pools.ts'
import { dropPerson } from '../rules/running/changes.ts'

/** A user leaves the organization and its groups; the account stays in its pool (a guess). */
export default operation('organizationmanager.UserService.DeleteMembership', (input, call) => {
  const { subjectId = '' } = input
  const { id: organizationId } = call.organization(input.organizationId)
  const gone = { organizationId, subjectId }

  if (!members.has(call, organizationId, EVERYBODY, subjectId)) call.fail('NOT_FOUND', `User ${subjectId} not found`)

  return {
    description: 'Delete membership',
    metadata: gone,
    response: gone,
    about: organizationId,
    changes: [dropPerson(organizationId, subjectId)],
  }
})

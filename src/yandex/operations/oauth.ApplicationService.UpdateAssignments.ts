import { operation } from '../operation.ts'
import { assignmentChanges, requireOauth } from '../rules/applications.ts'

export default operation('oauth.ApplicationService.UpdateAssignments', (input, call) => {
  const application = requireOauth(call, input.applicationId)

  const { changes, assignmentDeltas } = assignmentChanges(call, application, input.assignmentDeltas)
  return {
    description: 'Update application assignments',
    metadata: { applicationId: application.id },
    response: { assignmentDeltas },
    about: application.id,
    changes,
  }
})

import { operation } from '../operation.ts'
import { assignmentsUpdated, requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.UpdateAssignments', (input, call) => {
  const application = requireOauth(call, input.applicationId)

  return assignmentsUpdated(call, application, input.assignmentDeltas)
})

import { operation } from '../operation.ts'
import { assignmentsUpdated } from '../rules/applications/applications.ts'
import { requireSaml } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.UpdateAssignments', (input, call) => {
  const application = requireSaml(call, input.applicationId)

  return assignmentsUpdated(call, application, input.assignmentDeltas)
})

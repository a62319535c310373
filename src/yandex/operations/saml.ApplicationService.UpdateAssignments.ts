import { operation } from '../operation.ts'
import { assignmentsUpdated } from '../rules/applications.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.UpdateAssignments', (input, call) => {
  const application = requireSaml(call, input.applicationId)

  return assignmentsUpdated(call, application, input.assignmentDeltas)
})

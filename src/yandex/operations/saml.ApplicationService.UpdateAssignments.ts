import { operation } from '../operation.ts'
import { assignmentChanges } from '../rules/applications.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.UpdateAssignments', (input, call) => {
  const application = requireSaml(call, input.applicationId)

  const { changes, assignmentDeltas } = assignmentChanges(call, application, input.assignmentDeltas)
  return {
    description: 'Update application assignments',
    metadata: { applicationId: application.id },
    response: { assignmentDeltas },
    about: application.id,
    changes,
  }
})

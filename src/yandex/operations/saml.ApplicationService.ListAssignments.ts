import { operation } from '../operation.ts'
import { listAssignments } from '../rules/applications/applications.ts'
import { requireSaml } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.ListAssignments', (input, call) =>
  listAssignments(call, requireSaml(call, input.applicationId), input),
)

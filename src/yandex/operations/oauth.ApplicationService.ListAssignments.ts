import { operation } from '../operation.ts'
import { listAssignments, requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.ListAssignments', (input, call) =>
  listAssignments(call, requireOauth(call, input.applicationId), input),
)

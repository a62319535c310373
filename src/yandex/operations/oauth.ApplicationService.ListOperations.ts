import { operation } from '../operation.ts'
import { requireOauth } from '../rules/applications/applications.ts'
import { listOperations } from '../rules/running/operation-lists.ts'

export default operation('oauth.ApplicationService.ListOperations', (input, call) =>
  listOperations(call, requireOauth(call, input.applicationId ?? '').id, input),
)

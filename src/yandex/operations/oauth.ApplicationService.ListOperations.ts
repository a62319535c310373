import { operation } from '../operation.ts'
import { requireOauth } from '../rules/applications.ts'
import { listOperations } from '../rules/operation-lists.ts'

export default operation('oauth.ApplicationService.ListOperations', (input, call) =>
  listOperations(call, requireOauth(call, input.applicationId ?? '').id, input),
)

import { operation } from '../operation.ts'
import { requireSaml } from '../rules/applications/saml.ts'
import { listOperations } from '../rules/running/operation-lists.ts'

export default operation('saml.ApplicationService.ListOperations', (input, call) =>
  listOperations(call, requireSaml(call, input.applicationId ?? '').id, input),
)

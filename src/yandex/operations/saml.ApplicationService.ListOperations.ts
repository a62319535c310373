import { operation } from '../operation.ts'

import { listOperations } from '../rules/operation-lists.ts'
import { requireSaml } from '../rules/saml.ts'

export default operation('saml.ApplicationService.ListOperations', (input, call) =>
  listOperations(call, requireSaml(call, input.applicationId ?? '').id, input),
)

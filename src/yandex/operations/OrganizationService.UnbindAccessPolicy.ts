import { operation } from '../operation.ts'
import { accessPolicies } from '../records.ts'
import { drop } from '../rules/running/changes.ts'

export default operation('OrganizationService.UnbindAccessPolicy', (input, call) => {
  const { accessPolicyTemplateId } = input
  const { id } = call.organization(input.resourceId)

  if (accessPolicies.get(call, id, accessPolicyTemplateId) === undefined) {
    call.fail('NOT_FOUND', `Access policy ${accessPolicyTemplateId} is not bound`)
  }

  return {
    description: 'Unbind access policy',
    metadata: { resourceId: id, accessPolicyTemplateId },
    response: {},
    about: id,
    changes: [drop(accessPolicies, id, accessPolicyTemplateId)],
  }
})

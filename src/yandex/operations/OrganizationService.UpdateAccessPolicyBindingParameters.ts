import { operation } from '../operation.ts'
import { accessPolicies } from '../records.ts'
import { put } from '../rules/running/changes.ts'

export default operation('OrganizationService.UpdateAccessPolicyBindingParameters', (input, call) => {
  const { accessPolicyBinding } = input
  const { accessPolicyTemplateId: template } = accessPolicyBinding
  const { id } = call.organization(input.resourceId)

  if (accessPolicies.get(call, id, template) === undefined) call.fail('NOT_FOUND', `Access policy ${template} is not bound`)

  return {
    description: 'Update access policy binding parameters',
    metadata: { resourceId: id, accessPolicyBinding },
    response: {},
    about: id,
    changes: [put(accessPolicies, id, template, accessPolicyBinding)],
  }
})

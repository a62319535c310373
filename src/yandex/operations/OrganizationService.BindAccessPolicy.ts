import { operation } from '../operation.ts'
import { accessPolicies } from '../records.ts'
import { put } from '../rules/running/changes.ts'

/** Which templates there are is not documented: any may be bound, each once (a guess). */
export default operation('OrganizationService.BindAccessPolicy', (input, call) => {
  const { accessPolicyBinding } = input
  const { accessPolicyTemplateId: template } = accessPolicyBinding
  const { id } = call.organization(input.resourceId)

  if (accessPolicies.get(call, id, template) !== undefined) call.fail('ALREADY_EXISTS', `Access policy ${template} is already bound`)

  return {
    description: 'Bind access policy',
    metadata: { resourceId: id, accessPolicyBinding },
    response: {},
    about: id,
    changes: [put(accessPolicies, id, template, accessPolicyBinding)],
  }
})

import { operation } from '../operation.ts'
import { excludedOf, listSubjects } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.ListExcludedAudience', (input, call) => {
  const { id } = call.mfaEnforcement(input.mfaEnforcementId)

  return listSubjects(call, excludedOf(id), input)
})

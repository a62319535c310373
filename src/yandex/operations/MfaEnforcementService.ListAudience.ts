import { operation } from '../operation.ts'
import { listSubjects } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.ListAudience', (input, call) => {
  const { id } = call.mfaEnforcement(input.mfaEnforcementId)

  return listSubjects(call, id, input)
})

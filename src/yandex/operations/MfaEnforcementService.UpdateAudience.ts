import { operation } from '../operation.ts'
import { audienceChanges } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.UpdateAudience', (input, call) => {
  const { id, organizationId } = call.mfaEnforcement(input.mfaEnforcementId)

  const { changes, effectiveDeltas } = audienceChanges(call, id, input.audienceDeltas)
  return {
    description: 'Update MFA enforcement audience',
    metadata: { mfaEnforcementId: id },
    response: { mfaEnforcementId: id, effectiveDeltas },
    about: organizationId,
    changes,
  }
})

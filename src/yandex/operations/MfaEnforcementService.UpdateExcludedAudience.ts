import { operation } from '../operation.ts'
import { audienceChanges, excludedOf } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.UpdateExcludedAudience', (input, call) => {
  const { id, organizationId } = call.mfaEnforcement(input.mfaEnforcementId)

  const { changes, effectiveDeltas } = audienceChanges(call, excludedOf(id), input.audienceDeltas)
  return {
    description: 'Update MFA enforcement excluded audience',
    metadata: { mfaEnforcementId: id },
    response: { mfaEnforcementId: id, effectiveDeltas },
    about: organizationId,
    changes,
  }
})

import { operation } from '../operation.ts'
import { mfaEnforcements, type StoredMfa } from '../records.ts'
import { laid, patch } from '../rules/running/changes.ts'

export default operation('MfaEnforcementService.Activate', (input, call) => {
  const { organizationId, id, ...rest } = call.mfaEnforcement(input.mfaEnforcementId)

  const change = { status: 'MFA_ENFORCEMENT_STATUS_ACTIVE' as const }
  return {
    description: 'Activate MFA enforcement',
    metadata: { mfaEnforcementId: id },
    response: laid<StoredMfa>({ organizationId, id, ...rest }, change),
    about: organizationId,
    changes: [patch(mfaEnforcements, organizationId, id, change)],
  }
})

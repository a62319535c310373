import { operation } from '../operation.ts'
import { homes, mfaEnforcements, type StoredMfa } from '../records.ts'
import { put } from '../rules/running/changes.ts'
import { requireLevel, statusFrom } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.Create', (input, call) => {
  const { status, applyAt = call.timestamp, ...rest } = input
  const { id: organizationId } = call.organization(input.organizationId)

  requireLevel(input.acrId)

  const enforcement: StoredMfa = { ...rest, id: call.id('ek0'), status: statusFrom(status), applyAt, createdAt: call.timestamp }
  return {
    description: 'Create MFA enforcement',
    metadata: { organizationId, mfaEnforcementId: enforcement.id },
    response: enforcement,
    about: organizationId,
    changes: [
      put(mfaEnforcements, organizationId, enforcement.id, enforcement),
      put(homes, 'mfa-enforcement', enforcement.id, { parent: organizationId }),
    ],
  }
})

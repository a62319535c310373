import { operation } from '../operation.ts'
import { audiences, homes, mfaEnforcements } from '../records.ts'
import { drop, patch } from '../rules/running/changes.ts'
import { excludedOf } from '../rules/users/mfa.ts'

export default operation('MfaEnforcementService.Delete', (input, call) => {
  const { organizationId, id, status } = call.mfaEnforcement(input.mfaEnforcementId)

  const subjects = [id, excludedOf(id)].flatMap((audience) =>
    audiences.all(call, audience).map((subject) => drop(audiences, audience, subject.id)),
  )
  return {
    description: 'Delete MFA enforcement',
    metadata: { mfaEnforcementId: id },
    response: {},
    about: organizationId,
    changes: [drop(mfaEnforcements, organizationId, id), drop(homes, 'mfa-enforcement', id), ...subjects],
    meanwhile: [patch(mfaEnforcements, organizationId, id, { status: 'MFA_ENFORCEMENT_STATUS_DELETING' })],
    otherwise: [patch(mfaEnforcements, organizationId, id, { status })],
  }
})

import { operation } from '../operation.ts'
import { mfaEnforcements, type StoredMfa } from '../records.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { requireLevel, statusFrom } from '../rules/users/mfa.ts'
import { invalid } from '../validation.ts'

const MEMBERS = ['acrId', 'ttl', 'status', 'applyAt', 'enrollWindow', 'name', 'description']
/** What no enforcement is without. */
const NEEDED = ['acrId', 'ttl', 'status', 'applyAt', 'enrollWindow', 'name']

export default operation('MfaEnforcementService.Update', (input, call) => {
  const enforcement = call.mfaEnforcement(input.mfaEnforcementId)

  const given = patchOf({ name: 'MfaEnforcementService.Update', input, doc: enforcement, members: MEMBERS, keep: NEEDED })
  const lacking = NEEDED.filter((member) => given[member] === null)
  if (lacking.length > 0) throw invalid(lacking.map((member) => ({ field: snake(member), description: 'Field is required' })))
  requireLevel(given.acrId)

  const change = { ...given, ...('status' in given ? { status: statusFrom(given.status) } : {}) }
  return {
    description: 'Update MFA enforcement',
    metadata: { mfaEnforcementId: enforcement.id },
    response: laid<StoredMfa>(enforcement, change),
    about: enforcement.organizationId,
    changes: [patch(mfaEnforcements, enforcement.organizationId, enforcement.id, change)],
  }
})

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

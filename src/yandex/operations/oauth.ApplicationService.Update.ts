import { oauthApplications, type StoredOauth } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { requireFreeApplicationName, requireGrantable, requireOauth } from '../rules/applications/applications.ts'
import { patchOf } from '../rules/masks.ts'
import { drop, laid, patch, put } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

export default operation('oauth.ApplicationService.Update', (input, call) => {
  const application = requireOauth(call, input.applicationId)
  const { id, organizationId } = application

  const members = ['name', 'description', 'groupClaimsSettings', 'clientGrant', 'labels']
  const change = patchOf({ name: 'oauth.ApplicationService.Update', input, doc: application, members, keep: ['name'] })
  if (change.name === null) throw invalid([{ field: 'name', description: 'Field is required' }])
  if (change.groupClaimsSettings === null) change.groupClaimsSettings = { groupDistributionType: 'NONE' }
  const after = laid<StoredOauth>(application, { ...change, updatedAt: call.timestamp })
  requireFreeApplicationName(call, oauthApplications.all(call, organizationId), after.name, id)
  requireGrantable(call, after.clientGrant, id)

  const [before, now] = [application.clientGrant?.clientId, after.clientGrant?.clientId]
  return {
    description: 'Update application',
    metadata: { applicationId: id },
    response: after,
    about: id,
    changes: [
      patch(oauthApplications, organizationId, id, { ...change, updatedAt: call.timestamp }),
      ...(before === undefined ? [] : [drop(homes, 'oauth-application-of', before)]),
      ...(now === undefined ? [] : [put(homes, 'oauth-application-of', now, { parent: id })]),
    ],
  }
})

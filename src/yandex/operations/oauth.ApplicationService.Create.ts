import { oauthApplications, type StoredOauth } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { requireFreeApplicationName, requireGrantable } from '../rules/applications/applications.ts'
import { drop, put } from '../rules/running/changes.ts'

export default operation('oauth.ApplicationService.Create', (input, call) => {
  const { id: organizationId } = call.organization(input.organizationId)

  requireFreeApplicationName(call, oauthApplications.all(call, organizationId), input.name)
  requireGrantable(call, input.clientGrant)

  const application: StoredOauth = {
    groupClaimsSettings: { groupDistributionType: 'NONE' },
    ...input,
    id: call.id('ek0'),
    status: 'ACTIVE',
    createdAt: call.timestamp,
    updatedAt: call.timestamp,
  }
  const { id, clientGrant } = application
  const filed = (status: 'CREATING' | 'ACTIVE') => [
    put(oauthApplications, organizationId, id, { ...application, status }),
    put(homes, 'oauth-application', id, { parent: organizationId }),
    ...(clientGrant === undefined ? [] : [put(homes, 'oauth-application-of', clientGrant.clientId, { parent: id })]),
  ]
  return {
    description: 'Create application',
    metadata: { applicationId: id },
    response: application,
    about: id,
    changes: filed('ACTIVE'),
    meanwhile: filed('CREATING'),
    otherwise: [
      drop(oauthApplications, organizationId, id),
      drop(homes, 'oauth-application', id),
      ...(clientGrant === undefined ? [] : [drop(homes, 'oauth-application-of', clientGrant.clientId)]),
    ],
  }
})

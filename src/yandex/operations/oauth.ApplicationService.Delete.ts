import { oauthApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { dropBindings } from '../rules/access-bindings.ts'
import { dropAssignments, requireOauth } from '../rules/applications.ts'
import { drop, patch } from '../rules/changes.ts'

/** Its client stays. */
export default operation('oauth.ApplicationService.Delete', (input, call) => {
  const application = requireOauth(call, input.applicationId)
  const { id, organizationId, status, clientGrant } = application

  return {
    description: 'Delete application',
    metadata: { applicationId: id },
    response: {},
    about: id,
    changes: [
      drop(oauthApplications, organizationId, id),
      drop(homes, 'oauth-application', id),
      ...(clientGrant === undefined ? [] : [drop(homes, 'oauth-application-of', clientGrant.clientId)]),
      dropAssignments(application),
      ...dropBindings(call, id),
    ],
    meanwhile: [patch(oauthApplications, organizationId, id, { status: 'DELETING' })],
    otherwise: [patch(oauthApplications, organizationId, id, { status })],
  }
})

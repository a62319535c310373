import { oauthApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { applicationDeleted, requireOauth } from '../rules/applications/applications.ts'
import { drop } from '../rules/running/changes.ts'

/** Its client stays. */
export default operation('oauth.ApplicationService.Delete', (input, call) => {
  const application = requireOauth(call, input.applicationId)

  const { clientGrant } = application
  const more = clientGrant === undefined ? [] : [drop(homes, 'oauth-application-of', clientGrant.clientId)]
  return applicationDeleted(call, application, { all: oauthApplications, home: 'oauth-application', more })
})

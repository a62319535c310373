import { oauthApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireOauth } from '../rules/applications/applications.ts'
import { patch } from '../rules/running/changes.ts'

export default operation('oauth.ApplicationService.Suspend', (input, call) => {
  const application = requireOauth(call, input.applicationId)

  const change = { status: 'SUSPENDED' as const, updatedAt: call.timestamp }
  return {
    description: 'Suspend application',
    metadata: { applicationId: application.id },
    response: { ...application, ...change },
    about: application.id,
    changes: [patch(oauthApplications, application.organizationId, application.id, change)],
  }
})

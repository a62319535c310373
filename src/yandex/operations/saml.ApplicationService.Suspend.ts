import { samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireSaml, samlView } from '../rules/applications/saml.ts'
import { patch } from '../rules/running/changes.ts'

export default operation('saml.ApplicationService.Suspend', (input, call) => {
  const application = requireSaml(call, input.applicationId)

  const change = { status: 'SUSPENDED' as const, updatedAt: call.timestamp }
  return {
    description: 'Suspend application',
    metadata: { applicationId: application.id },
    response: samlView(call, { ...application, ...change }),
    about: application.id,
    changes: [patch(samlApplications, application.organizationId, application.id, change)],
  }
})

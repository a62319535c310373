import { samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { samlView } from '../rules/applications/saml.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('saml.ApplicationService.List', (input, call) => {
  const { id } = call.organization(input.organizationId)

  const { items, nextPageToken } = pageOf(call, samlApplications, id, input, ['id', 'name', 'status'])

  return { applications: items.map((application) => samlView(call, application)), nextPageToken }
})

import { oauthApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('oauth.ApplicationService.List', (input, call) => {
  const { id } = call.organization(input.organizationId)

  const { items, nextPageToken } = pageOf(call, oauthApplications, id, input, ['id', 'name', 'status'])

  return { applications: items, nextPageToken }
})

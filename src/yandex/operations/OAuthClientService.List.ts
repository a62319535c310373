import { oauthClients } from '../application-records.ts'
import { operation } from '../operation.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('OAuthClientService.List', (input, call) => {
  const { items, nextPageToken } = pageOf(call, oauthClients, input.folderId ?? '', input)

  return { oauthClients: items.map(({ id, name }) => ({ id, name })), nextPageToken }
})

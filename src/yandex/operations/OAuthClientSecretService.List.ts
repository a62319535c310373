import { oauthSecrets } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireClient, secretView } from '../rules/applications/oauth-clients.ts'
import { pageOf } from '../rules/lists.ts'

export default operation('OAuthClientSecretService.List', (input, call) => {
  const { id } = requireClient(call, input.oauthClientId)

  const { items, nextPageToken } = pageOf(call, oauthSecrets, id, input)

  return { oauthClientSecrets: items.map(secretView), nextPageToken }
})

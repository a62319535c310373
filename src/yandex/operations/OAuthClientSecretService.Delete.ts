import { oauthSecrets } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { requireSecret } from '../rules/applications/oauth-clients.ts'
import { drop } from '../rules/running/changes.ts'

export default operation('OAuthClientSecretService.Delete', (input, call) => {
  const { id, oauthClientId } = requireSecret(call, input.oauthClientSecretId)

  return {
    description: 'Delete OAuth client secret',
    metadata: { oauthClientSecretId: id },
    response: {},
    changes: [drop(oauthSecrets, oauthClientId, id), drop(homes, 'oauth-client-secret', id)],
  }
})

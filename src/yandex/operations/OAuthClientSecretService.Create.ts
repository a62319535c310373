import { oauthSecrets, type StoredSecret } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { requireClient, secretHash, secretOf, secretView } from '../rules/applications/oauth-clients.ts'
import { put } from '../rules/running/changes.ts'

/** The value is told here and nowhere else; single-page and native clients have none (yandex-idp 14). */
export default operation('OAuthClientSecretService.Create', (input, call) => {
  const { id: oauthClientId, profileId } = requireClient(call, input.oauthClientId)

  if (profileId !== 'web') call.fail('FAILED_PRECONDITION', `OAuth clients of profile ${profileId} have no secrets`)

  const secretValue = secretOf(call.random.bytes(32))
  const secret: StoredSecret = {
    id: call.id('aje'),
    oauthClientId,
    description: input.description,
    maskedSecret: `${secretValue.slice(0, 16)}****`,
    createdAt: call.timestamp,
    hash: secretHash(secretValue),
  }
  return {
    description: 'Create OAuth client secret',
    metadata: { oauthClientSecretId: secret.id },
    response: { oauthClientSecret: secretView(secret) },
    secret: { secretValue },
    changes: [put(oauthSecrets, oauthClientId, secret.id, secret), put(homes, 'oauth-client-secret', secret.id, { parent: oauthClientId })],
  }
})

import { oauthClients, oauthSecrets } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { applicationOf, requireClient } from '../rules/applications/oauth-clients.ts'
import { drop, patch } from '../rules/running/changes.ts'

/** Its secrets go with it; one that an application uses stays (a guess). */
export default operation('OAuthClientService.Delete', (input, call) => {
  const { id, folderId, status } = requireClient(call, input.oauthClientId)

  const application = applicationOf(call, id)
  if (application !== undefined) call.fail('FAILED_PRECONDITION', `OAuth client ${id} is used by application ${application}`)

  const secrets = oauthSecrets.all(call, id)
  return {
    description: 'Delete OAuth client',
    metadata: { oauthClientId: id },
    response: {},
    changes: [
      drop(oauthClients, folderId, id),
      drop(homes, 'oauth-client', id),
      ...secrets.flatMap((secret) => [drop(oauthSecrets, id, secret.id), drop(homes, 'oauth-client-secret', secret.id)]),
    ],
    meanwhile: [patch(oauthClients, folderId, id, { status: 'DELETING' })],
    otherwise: [patch(oauthClients, folderId, id, { status })],
  }
})

import { oauthClients, type StoredClient } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { profileOf, requireConsistent, requireFreeClientName } from '../rules/applications/oauth-clients.ts'
import { drop, put } from '../rules/running/changes.ts'

/** Folders are another service's: any will do. Without a profile it is a web client (a guess). */
export default operation('OAuthClientService.Create', (input, call) => {
  const { folderId, profileId = 'web' } = input
  const { authenticationMethodsDefaultValues, pkceRequiredDefaultValue, pkceRequiredReadonly } = profileOf(profileId)
  // A plain bool says false where nobody said anything, so the default counts where PKCE cannot be switched off.
  const pkceRequired = pkceRequiredReadonly === true ? pkceRequiredDefaultValue : input.pkceRequired
  const client: StoredClient = {
    authenticationMethods: authenticationMethodsDefaultValues,
    ...input,
    id: call.id('aje'),
    status: 'ACTIVE',
    profileId,
    pkceRequired,
  }

  requireConsistent(client)
  requireFreeClientName(call, folderId, input.name)

  const home = put(homes, 'oauth-client', client.id, { parent: folderId })
  return {
    description: 'Create OAuth client',
    metadata: { oauthClientId: client.id },
    response: client,
    changes: [put(oauthClients, folderId, client.id, client), home],
    meanwhile: [put(oauthClients, folderId, client.id, { ...client, status: 'CREATING' }), home],
    otherwise: [drop(oauthClients, folderId, client.id), drop(homes, 'oauth-client', client.id)],
  }
})

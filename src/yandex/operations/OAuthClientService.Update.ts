import { oauthClients, type StoredClient } from '../application-records.ts'
import { operation } from '../operation.ts'
import { profileOf, requireClient, requireConsistent, requireFreeClientName, UPDATABLE } from '../rules/applications/oauth-clients.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'

export default operation('OAuthClientService.Update', (input, call) => {
  const client = requireClient(call, input.oauthClientId)

  const change = patchOf({ name: 'OAuthClientService.Update', input, doc: client, members: UPDATABLE, keep: ['name'] })
  const profile = profileOf(client.profileId)
  if (change.pkceRequired === null && profile.pkceRequiredReadonly === true) change.pkceRequired = true
  if (change.authenticationMethods === null) change.authenticationMethods = profile.authenticationMethodsDefaultValues
  const after = laid<StoredClient>(client, change)
  requireConsistent(after)
  requireFreeClientName(call, client.folderId, after.name, client.id)

  return {
    description: 'Update OAuth client',
    metadata: { oauthClientId: client.id },
    response: after,
    changes: [patch(oauthClients, client.folderId, client.id, change)],
  }
})

import type { CognitoCall } from '../../call.ts'
import { brandings, type Client, clientHomes, clientSessions, clients, riskConfigurations, terms, uiCustomizations } from '../../records.ts'

/** A client goes with what is kept for it alone: its look, its terms, its risk settings. Its tokens die with it, for nobody can name it. */
export function removeClient(call: CognitoCall, { UserPoolId: pool, ClientId: id }: Client): void {
  uiCustomizations.remove(call, pool, id)
  riskConfigurations.remove(call, pool, id)
  for (const { client, branding } of brandings.all(call, pool)) {
    if (client === id) brandings.remove(call, pool, branding.ManagedLoginBrandingId)
  }
  for (const { ClientId, TermsId } of terms.all(call, pool)) {
    if (ClientId === id) terms.remove(call, pool, TermsId)
  }
  clientSessions.remove(call, pool, id)
  clientHomes.remove(call, '', id)
  clients.remove(call, pool, id)
}

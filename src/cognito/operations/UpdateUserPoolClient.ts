import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { checkClient } from '../rules/clients/checks.ts'
import { clientSettings, clientView } from '../rules/clients/settings.ts'

/** Replaces everything but the name, which stays when it is left out, and the secrets (cognito-behaviour C7). */
export default operation('UpdateUserPoolClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)
  const settings = clientSettings(input)
  checkClient(call, pool, { settings, confidential: client.Secrets.length > 0, doing: 'updating' })

  const updated = clients.put(call, pool.Id, client.ClientId, {
    ...client,
    ...settings,
    ClientName: input.ClientName ?? client.ClientName,
    LastModifiedDate: call.seconds,
  })

  return { UserPoolClient: clientView(updated) }
})

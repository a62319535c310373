import { operation } from '../operation.ts'
import { clientHomes, clients } from '../records.ts'
import { newSecret } from '../rules/client-secrets.ts'
import { clientSettings, clientView } from '../rules/client-settings.ts'
import { newClientId, newClientSecret } from '../rules/identifiers.ts'

export default operation('CreateUserPoolClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const settings = clientSettings(input)

  const ClientId = newClientId(call)
  const value = input.ClientSecret ?? (input.GenerateSecret === true ? newClientSecret(call) : undefined)
  const Secrets = value === undefined ? [] : [newSecret(call, ClientId, value)]
  const client = clients.insert(call, pool.Id, ClientId, {
    UserPoolId: pool.Id,
    ClientName: input.ClientName,
    ClientId,
    ClientSecret: value,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
    ...settings,
    Secrets,
  })
  clientHomes.insert(call, '', ClientId, { pool: pool.Id })

  return { UserPoolClient: clientView(client) }
})

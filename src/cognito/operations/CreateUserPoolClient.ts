import { Taken } from '../../core/refusal.ts'
import { operation } from '../operation.ts'
import { clientHomes, clients } from '../records.ts'
import { checkClient, checkSecret } from '../rules/clients/checks.ts'
import { newSecret } from '../rules/clients/secrets.ts'
import { clientSettings, clientView } from '../rules/clients/settings.ts'
import { newClientId, newClientSecret } from '../rules/pools/identifiers.ts'
import { holdQuota } from '../rules/pools/quotas.ts'

export default operation('CreateUserPoolClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const settings = clientSettings(input)
  const confidential = input.GenerateSecret === true || input.ClientSecret !== undefined
  checkSecret(call, input)
  holdQuota(call, 'clients', () => clients.count(call, pool.Id))
  checkClient(call, pool, { settings, confidential, doing: 'creating' })

  const ClientId = newClientId(call)
  const value = input.ClientSecret ?? (input.GenerateSecret === true ? newClientSecret(call) : undefined)
  const Secrets = value === undefined ? [] : [newSecret(call, ClientId, value)]
  const client = {
    UserPoolId: pool.Id,
    ClientName: input.ClientName,
    ClientId,
    ClientSecret: value,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
    ...settings,
    Secrets,
  }
  try {
    clientHomes.insert(call, '', ClientId, { pool: pool.Id })
  } catch (error) {
    if (error instanceof Taken) call.fail('InvalidParameterException', `A user pool client with the id ${ClientId} exists already.`)
    throw error
  }
  clients.insert(call, pool.Id, ClientId, client)

  return { UserPoolClient: clientView(client) }
})

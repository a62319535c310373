import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { newSecret, secretView, withSecrets } from '../rules/clients/secrets.ts'
import { newClientSecret } from '../rules/pools/identifiers.ts'

const MOST = 2

export default operation('AddUserPoolClientSecret', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)
  if (client.Secrets.length === 0) call.fail('InvalidParameterException', PUBLIC)
  if (client.Secrets.length >= MOST) call.fail('LimitExceededException', TOO_MANY)

  const value = input.ClientSecret ?? newClientSecret(call)
  const secret = newSecret(call, client.ClientId, value, client.Secrets)
  clients.put(call, pool.Id, client.ClientId, withSecrets(call, client, [...client.Secrets, secret]))

  // What the caller gave is not told back.
  return { ClientSecretDescriptor: { ...secretView(secret), ClientSecretValue: input.ClientSecret === undefined ? value : undefined } }
})

/** (?) Both rules are documented, their sentences are not. */
const PUBLIC = 'Client secrets can only be added to an app client that has a client secret.'
const TOO_MANY = `An app client can have at most ${MOST} client secrets.`

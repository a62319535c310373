import { operation } from '../operation.ts'
import { clients } from '../records.ts'
import { withSecrets } from '../rules/clients/secrets.ts'

export default operation('DeleteUserPoolClientSecret', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)
  const rest = client.Secrets.filter(({ id }) => id !== input.ClientSecretId)
  if (rest.length === client.Secrets.length) call.fail('ResourceNotFoundException', `${UNKNOWN} ${input.ClientSecretId} does not exist.`)
  if (rest.length === 0) call.fail('InvalidParameterException', LAST)

  clients.put(call, pool.Id, client.ClientId, withSecrets(call, client, rest))

  return {}
})

/** (?) That the last one stays is documented (cognito-behaviour C12); the sentences are ours. */
const UNKNOWN = 'Client secret'
const LAST = 'The only client secret of an app client cannot be deleted.'

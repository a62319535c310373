import { operation } from '../operation.ts'
import { requireSecretHash } from '../rules/clients/secret-hash.ts'
import { confirmSignUp } from '../rules/sign-in/sign-up-session.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { confirmByCode } from '../rules/users/confirmation.ts'

export default operation('ConfirmSignUp', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')

  const user = confirmByCode(
    call,
    { pool, client },
    { username: input.Username, code: input.ConfirmationCode, force: input.ForceAliasCreation },
  )
  const Session = input.Session === undefined ? undefined : confirmSignUp(call, pool, client, user, input.Session)
  postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', user, { ...input, clientId: client.ClientId })

  return { Session }
})

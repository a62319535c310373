import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { requireSecretHash } from '../rules/clients/secret-hash.ts'
import { useCode, WRONG_CODE } from '../rules/messages/codes.ts'
import { hidesExistence } from '../rules/messages/deliveries.ts'
import { requireNewPassword, setPassword } from '../rules/passwords/passwords.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { NO_SUCH_PAIR } from '../rules/users/confirmation.ts'
import { find } from '../rules/users/users.ts'

export default operation('ConfirmForgotPassword', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')
  const user = find(call, pool, input.Username)
  if (hidesExistence(client) && (user === undefined || !user.Enabled)) call.fail('CodeMismatchException', WRONG_CODE)
  if (user === undefined) return call.fail('UserNotFoundException', NO_SUCH_PAIR)
  if (!user.Enabled) call.fail('NotAuthorizedException', 'User is disabled.')
  holdAttempts(call, pool, user, 'confirm')
  const { attribute, destination } = useCode(call, pool, user, 'reset', input.ConfirmationCode)
  requireNewPassword(call, pool, user, input.Password)

  const stillThere = user.Attributes[attribute] === destination
  const proven: User = stillThere ? { ...user, Attributes: { ...user.Attributes, [`${attribute}_verified`]: 'true' } } : user
  const confirmed = setPassword(call, pool, proven, input.Password, { temporary: false })
  postConfirmation(call, pool, 'PostConfirmation_ConfirmForgotPassword', confirmed, { ...input, clientId: client.ClientId })

  return {}
})

import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { holdAttempts } from '../rules/attempts.ts'
import { useCode, WRONG_CODE } from '../rules/codes.ts'
import { NO_SUCH_PAIR } from '../rules/confirmation.ts'
import { hidesExistence } from '../rules/deliveries.ts'
import { requireNewPassword, setPassword } from '../rules/passwords.ts'
import { requireSecretHash } from '../rules/secret-hash.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { find } from '../rules/users.ts'

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

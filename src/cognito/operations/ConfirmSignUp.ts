import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { claimAliases } from '../rules/aliases.ts'
import { holdAttempts } from '../rules/attempts.ts'
import { NO_CODE, useCode } from '../rules/codes.ts'
import { NO_SUCH_PAIR, requireUnconfirmed } from '../rules/confirmation.ts'
import { hidesExistence } from '../rules/deliveries.ts'
import { requireSecretHash } from '../rules/secret-hash.ts'
import { confirmSignUp } from '../rules/sign-up-session.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { change, find } from '../rules/users.ts'

export default operation('ConfirmSignUp', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')
  const user =
    find(call, pool, input.Username) ??
    (hidesExistence(client) ? call.fail('ExpiredCodeException', NO_CODE) : call.fail('UserNotFoundException', NO_SUCH_PAIR))
  requireUnconfirmed(call, user)
  holdAttempts(call, pool, user, 'confirm')
  const { attribute, destination } = useCode(call, pool, user, 'confirm', input.ConfirmationCode)

  const stillThere = user.Attributes[attribute] === destination
  const Attributes = stillThere ? { ...user.Attributes, [`${attribute}_verified`]: 'true' } : user.Attributes
  const confirmed: User = { ...user, UserStatus: 'CONFIRMED', Attributes }
  claimAliases(call, pool, confirmed, input.ForceAliasCreation === true)
  const changed = change(call, pool, user, { UserStatus: 'CONFIRMED', Attributes })
  const Session = input.Session === undefined ? undefined : confirmSignUp(call, pool, client, user, input.Session)
  postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', changed, { ...input, clientId: client.ClientId })

  return { Session }
})

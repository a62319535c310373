import { operation } from '../operation.ts'
import { requireSecretHash } from '../rules/clients/secret-hash.ts'
import { hidesExistence, simulatedDetails } from '../rules/messages/deliveries.ts'
import { adminOnly, NO_CONTACT, recoveryContact, requireResettable, sendReset } from '../rules/passwords/recovery.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { recordAuthEvent } from '../rules/threats/auth-events.ts'
import { migrate } from '../rules/triggers/migration.ts'
import { NO_SUCH_PAIR } from '../rules/users/confirmation.ts'
import { find } from '../rules/users/users.ts'

export default operation('ForgotPassword', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')
  if (adminOnly(pool)) call.fail('NotAuthorizedException', 'Contact administrator to reset password.')
  const user = find(call, pool, input.Username) ?? migrate(call, { pool, client, username: input.Username, metadata: input.ClientMetadata })
  const contact = user === undefined ? undefined : recoveryContact(pool, user)
  // Who may not know of a user is told the same of one who does not exist, is disabled or cannot be reached (F2).
  if (hidesExistence(client) && (user === undefined || !user.Enabled)) {
    return { CodeDeliveryDetails: simulatedDetails(pool, input.Username) }
  }
  if (user === undefined) return call.fail('UserNotFoundException', NO_SUCH_PAIR)
  if (!user.Enabled) call.fail('NotAuthorizedException', 'User is disabled.')
  if (user.UserStatus !== 'UNCONFIRMED') requireResettable(call, user)
  if (contact === undefined) {
    return hidesExistence(client)
      ? { CodeDeliveryDetails: simulatedDetails(pool, input.Username) }
      : call.fail('InvalidParameterException', NO_CONTACT)
  }
  holdAttempts(call, pool, user, 'reset')
  recordAuthEvent(call, pool, user, { EventType: 'ForgotPassword', EventResponse: 'Pass' })

  return { CodeDeliveryDetails: sendReset(call, pool, user, contact) }
})

import { operation } from '../operation.ts'
import { requireSecretHash } from '../rules/clients/secret-hash.ts'
import { confirmationContact, deliver, hidesExistence, simulatedDetails } from '../rules/messages/deliveries.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { recordAuthEvent } from '../rules/threats/auth-events.ts'
import { NO_SUCH_PAIR } from '../rules/users/confirmation.ts'
import { find } from '../rules/users/users.ts'

export default operation('ResendConfirmationCode', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')
  const user = find(call, pool, input.Username)
  if (user === undefined) {
    if (!hidesExistence(client)) call.fail('UserNotFoundException', NO_SUCH_PAIR)
    return { CodeDeliveryDetails: simulatedDetails(pool, input.Username) }
  }
  if (user.UserStatus !== 'UNCONFIRMED') call.fail('InvalidParameterException', 'User is already confirmed.')
  const contact = confirmationContact(pool, user) ?? call.fail('InvalidParameterException', NOTHING_TO_VERIFY)
  holdAttempts(call, pool, user, 'resend')
  recordAuthEvent(call, pool, user, { EventType: 'ResendCode', EventResponse: 'Pass' })

  const CodeDeliveryDetails = deliver(call, pool, user, {
    purpose: 'confirm',
    occasion: 'ResendCode',
    contact,
    clientId: client.ClientId,
  })

  return { CodeDeliveryDetails }
})

/** (?) Seen in public threads where a pool verifies nothing of what the user has. */
const NOTHING_TO_VERIFY = 'Auto verification not turned on.'

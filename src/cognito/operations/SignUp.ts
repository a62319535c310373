import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { requireSecretHash } from '../rules/clients/secret-hash.ts'
import { confirmationContact, deliver } from '../rules/messages/deliveries.ts'
import { keepPassword } from '../rules/passwords/passwords.ts'
import { requirePolicy } from '../rules/passwords/policy.ts'
import { openSignUp } from '../rules/sign-in/sign-up-session.ts'
import { recordAuthEvent } from '../rules/threats/auth-events.ts'
import { requireSafePassword } from '../rules/threats/threats.ts'
import { admit, postConfirmation } from '../rules/triggers/sign-up.ts'
import { taken } from '../rules/users/aliases.ts'
import { checkSchema, requireNoSub, requireWritable, toRecord, withAttributes } from '../rules/users/attributes.ts'
import { offersPasswordless, requireForm, unverified } from '../rules/users/usernames.ts'
import { add, newSub } from '../rules/users/users.ts'

export default operation('SignUp', (input, call) => {
  const client = call.clientAnywhere(input.ClientId)
  const pool = call.pool(client.UserPoolId)
  requireSecretHash(call, client, input.Username, input.SecretHash, 'sign-up')
  if (pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly === true) {
    call.fail('NotAuthorizedException', 'SignUp is not permitted for this user pool')
  }

  const contact = requireForm(call, pool, input.Username)
  const given = toRecord(input.UserAttributes)
  requireWritable(call, client, Object.keys(given))
  if (given.preferred_username !== undefined && pool.AliasAttributes?.includes('preferred_username')) {
    call.fail('InvalidParameterException', TOO_EARLY)
  }
  const attributes = withAttributes(contact === undefined ? {} : { [contact]: input.Username }, given)
  requireNoSub(call, attributes)
  checkSchema(call, pool, attributes, { required: true })
  const { Password: password } = input
  if (password !== undefined) {
    requirePolicy(call, pool, password)
    requireSafePassword(call, { pool, client }, password, 'SIGN_UP')
  } else if (!offersPasswordless(pool, attributes)) call.fail('InvalidParameterException', NO_PASSWORD)
  const sub = newSub(call)
  const newcomer: User = {
    sub,
    Username: contact === undefined ? input.Username : sub,
    Attributes: unverified(attributes),
    Enabled: true,
    UserStatus: 'UNCONFIRMED',
    UserCreateDate: call.seconds,
    UserLastModifiedDate: call.seconds,
  }
  const conflict = taken(call, pool, newcomer)
  if (conflict === 'email' || conflict === 'phone_number') {
    call.fail('UsernameExistsException', `An account with the given ${conflict} already exists.`)
  }
  if (conflict !== undefined) call.fail('UsernameExistsException', 'User already exists')

  const aside = { ...input, clientId: client.ClientId }
  const user = admit(call, pool, 'PreSignUp_SignUp', newcomer, aside)
  const UserConfirmed = user.UserStatus === 'CONFIRMED'

  if (password !== undefined) keepPassword(call, pool, user, password, { temporary: false })
  add(call, pool, user)
  recordAuthEvent(call, pool, user, { EventType: 'SignUp', EventResponse: 'Pass' })
  const to = UserConfirmed ? undefined : confirmationContact(pool, user)
  const CodeDeliveryDetails =
    to === undefined
      ? undefined
      : deliver(call, pool, user, { purpose: 'confirm', occasion: 'SignUp', contact: to, clientId: client.ClientId })
  if (UserConfirmed) postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', user, aside)

  const Session = UserConfirmed ? undefined : openSignUp(call, pool, client, user)

  return { UserConfirmed, UserSub: sub, CodeDeliveryDetails, Session }
})

/** (?) A preferred name is an alias only of a confirmed user (cognito-behaviour S12 gives no text). */
const TOO_EARLY = 'Unable to set preferred_username value until user is confirmed'

/** (?) As when the member was required by the contract; without it only pools with another first factor take a sign-up. */
const NO_PASSWORD = "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null"

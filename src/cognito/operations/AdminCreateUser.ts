import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { sendInvitation } from '../rules/messages/messages.ts'
import { keepPassword } from '../rules/passwords/passwords.ts'
import { admit } from '../rules/triggers/sign-up.ts'
import { claimAliases, taken } from '../rules/users/aliases.ts'
import { checkSchema, requireNoSub, toRecord, withAttributes } from '../rules/users/attributes.ts'
import { DEFAULT_MEDIA, resend, signsInWithoutPassword, temporaryPassword } from '../rules/users/invitations.ts'
import { requireForm } from '../rules/users/usernames.ts'
import { add, newSub } from '../rules/users/users.ts'
import { userType } from '../rules/users/views.ts'

export default operation('AdminCreateUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const media = input.DesiredDeliveryMediums ?? DEFAULT_MEDIA
  if (input.MessageAction === 'RESEND') {
    return { User: userType(resend(call, pool, { username: input.Username, password: input.TemporaryPassword, media })) }
  }

  const contact = requireForm(call, pool, input.Username)
  const given = toRecord(input.UserAttributes)
  const attributes = withAttributes(contact === undefined ? {} : { [contact]: input.Username }, given)
  requireNoSub(call, attributes)
  checkSchema(call, pool, attributes)
  const sub = newSub(call)
  const user: User = {
    sub,
    Username: contact === undefined ? input.Username : sub,
    Attributes: attributes,
    Enabled: true,
    UserStatus: 'FORCE_CHANGE_PASSWORD',
    UserCreateDate: call.seconds,
    UserLastModifiedDate: call.seconds,
  }
  const passwordless = input.TemporaryPassword === undefined && signsInWithoutPassword(pool, user)
  const password = passwordless ? undefined : temporaryPassword(call, pool, input.TemporaryPassword)
  claimAliases(call, pool, user, input.ForceAliasCreation === true)
  if (taken(call, pool, user) !== undefined) call.fail('UsernameExistsException', 'User account already exists')
  admit(call, pool, 'PreSignUp_AdminCreateUser', user, input)

  if (password === undefined) return { User: userType(add(call, pool, { ...user, UserStatus: 'CONFIRMED' })) }
  keepPassword(call, pool, user, password, { temporary: true })
  add(call, pool, user)
  if (input.MessageAction !== 'SUPPRESS') sendInvitation(call, pool, user, password, media)

  return { User: userType(user) }
})

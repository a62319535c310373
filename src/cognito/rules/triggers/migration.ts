import type { CognitoCall } from '../../call.ts'
import type { DeliveryMediumListType } from '../../contract/types.ts'
import { type Client, type Pool, passwords, type User, users } from '../../records.ts'
import { reaches, turnOn } from '../factors/mfa.ts'
import { sendInvitation } from '../messages/messages.ts'
import { keepPassword } from '../passwords/passwords.ts'
import { filing, otherOwner, release, taken } from '../users/aliases.ts'
import { checkSchema, requireNoSub, withAttributes } from '../users/attributes.ts'
import { DEFAULT_MEDIA } from '../users/invitations.ts'
import { requireForm } from '../users/usernames.ts'
import { add, find, newSub } from '../users/users.ts'
import { told, trigger } from './triggers.ts'

interface Migrated {
  userAttributes?: Record<string, string> | null
  finalUserStatus?: string | null
  messageAction?: string | null
  desiredDeliveryMediums?: DeliveryMediumListType | null
  forceAliasCreation?: boolean | null
  enableSMSMFA?: boolean | null
}

interface Stranger {
  pool: Pool
  client: Client
  username: string
  /** As it was typed; not there when somebody has forgotten it. */
  password?: string | undefined
  metadata?: Readonly<Record<string, string>> | undefined
}

/**
 * Takes over a user whom the pool does not know and its function does, with the password that came along (H10). The password need not
 * meet the pool's policy; unless the function says CONFIRMED it must be reset before the first sign-in.
 */
export function migrate(call: CognitoCall, { pool, client, username, password, metadata = {} }: Stranger): User | undefined {
  if (pool.LambdaConfig?.UserMigration === undefined || find(call, pool, username) !== undefined) return undefined
  const signsIn = password !== undefined
  const response = trigger<Migrated>(
    call,
    pool,
    'UserMigration',
    signsIn ? 'UserMigration_Authentication' : 'UserMigration_ForgotPassword',
    {
      userName: username,
      clientId: client.ClientId,
      // What InitiateAuth brings is validation data here, what ForgotPassword brings is metadata (H6).
      request: {
        ...(signsIn ? { password } : {}),
        validationData: signsIn && Object.keys(metadata).length > 0 ? metadata : null,
        ...(signsIn ? {} : told(metadata)),
      },
      response: {
        userAttributes: null,
        forceAliasCreation: null,
        enableSMSMFA: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
      },
      form: {
        members: {
          userAttributes: { map: 'text' },
          forceAliasCreation: 'flag',
          enableSMSMFA: 'flag',
          finalUserStatus: 'text',
          messageAction: 'text',
          desiredDeliveryMediums: ['text'],
        },
      },
    },
  )
  if (response?.userAttributes === null || response?.userAttributes === undefined) return undefined

  const { username: renamed, ...given } = response.userAttributes
  const contact = requireForm(call, pool, username)
  const attributes = withAttributes(contact === undefined ? {} : { [contact]: username }, given)
  requireNoSub(call, attributes)
  checkSchema(call, pool, attributes)
  const sub = newSub(call)
  const user: User = {
    sub,
    Username: contact === undefined ? (renamed ?? username) : sub,
    Attributes: attributes,
    Enabled: true,
    UserStatus: response.finalUserStatus === 'CONFIRMED' ? 'CONFIRMED' : 'RESET_REQUIRED',
    UserCreateDate: call.seconds,
    UserLastModifiedDate: call.seconds,
  }
  if (response.forceAliasCreation === true) takeAliases(call, pool, user)
  // Sign-in and forgotten passwords know no other refusal of an alias.
  if (taken(call, pool, user) !== undefined) call.fail('UserNotFoundException', `${IN_VAIN} ${client.ClientId}`)
  if (password !== undefined) keepPassword(call, pool, user, password, { temporary: false })
  add(call, pool, user)
  const migrated = response.enableSMSMFA === true ? withSmsMfa(call, pool, user) : user
  outlive(call, pool, migrated)
  if (response.messageAction !== 'SUPPRESS' && password !== undefined) {
    sendInvitation(call, pool, migrated, password, response.desiredDeliveryMediums ?? DEFAULT_MEDIA)
  }
  return migrated
}

/** From whoever bears them, as the function wants it. */
function takeAliases(call: CognitoCall, pool: Pool, user: User): void {
  for (const kind of ['email', 'phone_number'] as const) {
    const owner = user.Attributes[`${kind}_verified`] === 'true' ? otherOwner(call, pool, user, kind) : undefined
    if (owner !== undefined) release(call, pool, owner, kind)
  }
}

function withSmsMfa(call: CognitoCall, pool: Pool, user: User): User {
  if (!reaches(call, pool, user, 'SMS_MFA')) call.fail('InvalidLambdaResponseException', NO_PHONE)
  return turnOn(call, pool, user, 'SMS_MFA')
}

/** (?) That a phone number is needed is documented, the sentence is not. */
const NO_PHONE = 'enableSMSMFA needs a phone_number.'

/** (?) Seen where the function's answer makes no user of this pool. */
const IN_VAIN = 'Exception migrating user in app client'

/** Has the user stay although the call is refused, for want of a new password or for a wrong one. */
function outlive(call: CognitoCall, pool: Pool, user: User): void {
  const password = passwords.get(call, pool.Id, user.sub)
  call.afterRefusal((after) => {
    users.add(after, pool.Id, user.sub, user, filing(pool, user))
    if (password !== undefined) passwords.put(after, pool.Id, user.sub, password)
  })
}

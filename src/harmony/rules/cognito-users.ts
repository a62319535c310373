import type { HarmonyCall } from '../call.ts'
import type { CognitoUser } from '../definitions/answers.ts'
import type { PatchCognitoUser, PostCognitoUser } from '../definitions/user.ts'
import { addresses, type Profile, profiles } from '../records.ts'
import type { CreateUser } from '../upstream.ts'
import { byEmail, byPreferredName, type Found, findUser, namedByContact, type Pool, requireUser } from './cognito-directory.ts'
import { personOf, usernameOf, userView } from './cognito-view.ts'
import { isAppKey, isFlag, isUserKey, MANAGED, type Person, place } from './mapping.ts'

/** Keys of a user that are not kept as they come: each means an act, or is the service's own word. */
const ACTS = new Set(['userPoolId', 'username', 'password', 'blocked', 'emailVerified', 'phoneVerified', 'appMetadata', 'userMetadata'])
const READ_ONLY = ['id', 'provider', 'connection', 'status', 'disabled', 'createdAt', 'updatedAt']

const NO_PHONE = 'user.phoneVerified needs user.phoneNumber'

export function create(call: HarmonyCall<400 | 409>, pool: Pool, body: PostCognitoUser): CognitoUser {
  refuseReadOnly(call, body, { provider: 'cognito-user', connection: pool.Id })
  const person = change(call, { top: { name: `${body.firstName} ${body.lastName}` }, appMetadata: {}, userMetadata: {} }, body, {})
  const { attributes, left } = place(person, pool)
  if (body.phoneVerified !== undefined && attributes.phone_number === undefined) call.refuse(400, NO_PHONE)
  if (byEmail(call, pool, body.email) !== undefined) call.refuse(409, 'a user with this email exists already')
  if (body.username !== undefined && byPreferredName(call, pool, body.username) !== undefined) {
    call.refuse(409, 'a user with this username exists already')
  }

  const { password } = body
  const temporary = person.appMetadata.passwordResetRequired === true
  const passwordless = password === undefined && person.appMetadata.isExternal === true
  const { Username, pins } = nameFor(call, pool, body, attributes)
  const made = call.cognito.AdminCreateUser(
    {
      UserPoolId: pool.Id,
      Username,
      UserAttributes: toList({
        ...attributes,
        email_verified: String(body.emailVerified ?? true),
        ...(attributes.phone_number === undefined ? {} : { phone_number_verified: String(body.phoneVerified ?? true) }),
        ...(namedByContact(pool) && body.username !== undefined ? { preferred_username: body.username } : {}),
      }),
      ...(password !== undefined && temporary ? { TemporaryPassword: password } : {}),
      // Who is given no password is invited with a generated one, save who signs in elsewhere.
      ...(password !== undefined || passwordless ? { MessageAction: 'SUPPRESS' } : { DesiredDeliveryMediums: ['EMAIL'] }),
    },
    pins,
  )
  const id = made.User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value ?? ''
  const of = { UserPoolId: pool.Id, Username: id }
  if (password !== undefined && !temporary) call.cognito.AdminSetUserPassword({ ...of, Password: password, Permanent: true })
  if (body.blocked === true) call.cognito.AdminDisableUser(of)
  keep(call, pool, id, left, passwordless)
  addresses.put(call, pool.Id, body.email.toLowerCase(), { id })

  return shownNow(call, pool, id)
}

export function update(call: HarmonyCall<400 | 404 | 409>, pool: Pool, userId: string, body: PatchCognitoUser): CognitoUser {
  const user = requireUser(call, pool, userId)
  const shown = userView(call, pool, user)
  refuseReadOnly(call, body, shown)
  const { person: before, profile } = personOf(call, pool, user)
  const person = change(call, before, body, shown)
  const { attributes, left } = place(person, pool)
  if (body.phoneVerified !== undefined && attributes.phone_number === undefined) call.refuse(400, NO_PHONE)
  const email = person.top.email as string | undefined
  const moved = email !== undefined && email !== before.top.email
  if (moved && (byEmail(call, pool, email)?.id ?? user.id) !== user.id) call.refuse(409, 'a user with this email exists already')
  const renamed = rename(call, pool, user, body.username)

  const of = { UserPoolId: pool.Id, Username: user.id }
  const wanted: Record<string, string> = {
    ...attributes,
    ...renamed,
    ...(body.emailVerified === undefined ? {} : { email_verified: String(body.emailVerified) }),
    ...(body.phoneVerified === undefined ? {} : { phone_number_verified: String(body.phoneVerified) }),
  }
  const changed = differences(user.attributes, wanted)
  const gone = MANAGED.filter((name) => user.attributes[name] !== undefined && wanted[name] === undefined)
  if (Object.keys(changed).length > 0) call.cognito.AdminUpdateUserAttributes({ ...of, UserAttributes: toList(changed) })
  if (gone.length > 0) call.cognito.AdminDeleteUserAttributes({ ...of, UserAttributeNames: gone })
  const asked = body.appMetadata?.passwordResetRequired ?? body.passwordResetRequired
  const temporary = asked === true || asked === 'true'
  if (typeof body.password === 'string') {
    call.cognito.AdminSetUserPassword({ ...of, Password: body.password, Permanent: !temporary })
  } else if (temporary && user.status === 'CONFIRMED') {
    call.cognito.AdminResetUserPassword(of)
  }
  if (body.blocked === true && user.enabled) call.cognito.AdminDisableUser(of)
  if ((body.blocked === false || body.blocked === null) && !user.enabled) call.cognito.AdminEnableUser(of)
  keep(call, pool, user.id, left, profile?.passwordless === true && body.password === undefined)
  if (moved) {
    addresses.remove(call, pool.Id, String(before.top.email).toLowerCase())
    addresses.put(call, pool.Id, email.toLowerCase(), { id: user.id })
  }

  return shownNow(call, pool, user.id)
}

export function remove(call: HarmonyCall<400 | 404>, pool: Pool, userId: string): void {
  const user = requireUser(call, pool, userId)
  call.cognito.AdminDeleteUser({ UserPoolId: pool.Id, Username: user.id })
  profiles.remove(call, pool.Id, user.id)
  if (user.attributes.email !== undefined) addresses.remove(call, pool.Id, user.attributes.email.toLowerCase())
}

function shownNow(call: HarmonyCall, pool: Pool, id: string): CognitoUser {
  const user = findUser(call, pool, id)
  if (user === undefined) throw new Error(`user ${id} is gone from ${pool.Id}`)
  return userView(call, pool, user)
}

function refuseReadOnly(call: HarmonyCall<400>, body: Record<string, unknown>, shown: Record<string, unknown>): void {
  const set = READ_ONLY.find((key) => body[key] !== undefined && body[key] !== shown[key])
  if (set !== undefined) call.refuse(400, `user.${set} is set by the service`)
}

/**
 * What a body makes of a person: keys at the top replace, metadata merges one level deep, null takes away. A metadata key may stand
 * at the top too, as it does in the answers; where an answer is sent back changed, the nested form goes before the flat one.
 */
function change(call: HarmonyCall<400>, person: Person, body: Record<string, unknown>, shown: Record<string, unknown>): Person {
  const top = { ...person.top }
  const app = { ...(body.appMetadata as Record<string, unknown> | undefined) }
  const own = { ...(body.userMetadata as Record<string, unknown> | undefined) }
  for (const [key, value] of Object.entries(body)) {
    if (ACTS.has(key) || READ_ONLY.includes(key)) continue
    if (isAppKey(key) || isUserKey(key)) {
      const nested = isAppKey(key) ? app : own
      if (!Object.hasOwn(nested, key) && value !== shown[key]) nested[key] = flatValue(call, key, value)
    } else {
      top[key] = value
    }
  }
  return {
    top: withoutNulls(top),
    appMetadata: withoutNulls(body.appMetadata === null ? {} : { ...person.appMetadata, ...app }),
    userMetadata: withoutNulls(body.userMetadata === null ? {} : { ...person.userMetadata, ...own }),
  }
}

function flatValue(call: HarmonyCall<400>, key: string, value: unknown): unknown {
  if (value === null) return null
  if (!isFlag(key)) return typeof value === 'string' ? value : call.refuse(400, `user.${key} must be a string`)
  if (value === 'true' || value === 'false') return value === 'true'
  return typeof value === 'boolean' ? value : call.refuse(400, `user.${key} must be a boolean`)
}

function withoutNulls(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))
}

/** What the pool's users are named by. Without a user name of its own a user is named by its id, as in the documentation's sample. */
function nameFor(
  call: HarmonyCall<400>,
  pool: Pool,
  body: PostCognitoUser,
  attributes: Record<string, string>,
): { Username: string; pins?: string[] } {
  if (namedByContact(pool)) {
    if (pool.UsernameAttributes?.includes('email') === true) return { Username: body.email }
    const phone = attributes.phone_number ?? call.refuse(400, 'user.phoneNumber is required: it names the users of this pool')
    return { Username: phone }
  }
  if (body.username !== undefined) return { Username: body.username }
  const id = call.identifier(() => call.random.uuid())
  return { Username: id, pins: [id] }
}

/** What an update must say. A changed address or number takes its verification with it, unless it is said anew in the same update. */
function differences(before: Record<string, string>, wanted: Record<string, string>): Record<string, string> {
  const differs = (name: string) => before[name] !== wanted[name]
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => differs(name) || (/_verified$/.test(name) && differs(name.slice(0, -9)))),
  )
}

function rename(call: HarmonyCall<400 | 409>, pool: Pool, user: Found, username: string | undefined): Record<string, string> {
  const kept = namedByContact(pool) ? user.attributes.preferred_username : undefined
  if (username === undefined || username === usernameOf(pool, user)) return kept === undefined ? {} : { preferred_username: kept }
  if (!namedByContact(pool)) call.refuse(400, 'user.username cannot be changed: Cognito keeps a Username for good')
  if (byPreferredName(call, pool, username) !== undefined) call.refuse(409, 'a user with this username exists already')
  return { preferred_username: username }
}

function keep(call: HarmonyCall, pool: Pool, id: string, left: Omit<Profile, 'changed'>, passwordless: boolean): void {
  profiles.put(call, pool.Id, id, { ...left, ...(passwordless ? { passwordless } : {}), changed: call.now })
}

function toList(attributes: Record<string, string>): NonNullable<CreateUser['UserAttributes']> {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
}

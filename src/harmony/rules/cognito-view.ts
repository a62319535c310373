import type { HarmonyCall } from '../call.ts'
import type { CognitoUser } from '../definitions/answers.ts'
import { type Profile, profiles } from '../records.ts'
import { type Found, namedByContact, type Pool } from './cognito-directory.ts'
import { gather, isAppKey, isUserKey, type Person } from './mapping.ts'

/** A user with what Harmony itself keeps of it. */
export function personOf(call: HarmonyCall, pool: Pool, user: Found): { person: Person; profile: Profile | undefined } {
  const profile = profiles.get(call, pool.Id, user.id)
  const person = gather(user.attributes, profile)
  // The flag stands until Cognito is content with the password again.
  if (person.appMetadata.passwordResetRequired === true) person.appMetadata.passwordResetRequired = user.status !== 'CONFIRMED'
  return { person, profile }
}

/** The flat form of the documentation's sample, and beside it the nested forms (harmony-auth 4.4, 7). */
export function userView(call: HarmonyCall, pool: Pool, user: Found): CognitoUser {
  const { person, profile } = personOf(call, pool, user)
  const { attributes, enabled } = user
  const modified = Math.max(user.modified * 1000, profile?.changed ?? 0)
  return {
    ...person.top,
    ...flat(person),
    id: user.id,
    username: usernameOf(pool, user),
    emailVerified: attributes.email_verified === 'true' ? 'true' : 'false',
    ...(attributes.phone_number === undefined
      ? {}
      : { phoneVerified: attributes.phone_number_verified === 'true' ? ('true' as const) : ('false' as const) }),
    provider: 'cognito-user',
    connection: pool.Id,
    userPoolId: pool.Id,
    status: statusOf(user, profile?.passwordless === true && person.appMetadata.isExternal === true),
    disabled: !enabled,
    blocked: !enabled,
    createdAt: new Date(user.created * 1000).toISOString(),
    updatedAt: new Date(modified).toISOString(),
    appMetadata: person.appMetadata,
    userMetadata: person.userMetadata,
  }
}

export function usernameOf(pool: Pool, user: Found): string {
  return (namedByContact(pool) ? user.attributes.preferred_username : undefined) ?? user.username
}

/** `ACTIVE` is documented, the others are Cognito's own names (harmony-auth 8 (?)). */
function statusOf({ status }: Found, external: boolean): string {
  if (status === 'CONFIRMED') return 'ACTIVE'
  return external && status === 'FORCE_CHANGE_PASSWORD' ? 'EXTERNAL_PROVIDER' : status
}

/** Metadata at the top, in the form of attribute values. */
function flat({ appMetadata, userMetadata }: Person): Record<string, string> {
  const known = [
    ...Object.entries(appMetadata).filter(([key]) => isAppKey(key)),
    ...Object.entries(userMetadata).filter(([key]) => isUserKey(key)),
  ]
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]))
}

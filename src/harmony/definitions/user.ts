import { anything, bag, filled, flag, form, indexable, type Of, orNull, type Schema, text, titled, word } from '../schema.ts'

/**
 * The documentation's interfaces (Definitions_User.*), harmony-auth section 3. No lengths, patterns or formats are documented;
 * the limits are those of the provider behind.
 */
export const STRINGS = [
  'admin',
  'ctsUserId',
  'customerId',
  'districtId',
  'egrantsUserId',
  'erpNcUserId',
  'erpTenants',
  'erpUserId',
  'fdpStateAgency',
  'fdpStateCode',
  'mcUserId',
  'role',
  'titanUserId',
] as const

export const BOOLEANS = [
  'ctsAuthorized',
  'egrantsAuthorized',
  'erpAuthorized',
  'erpNcAuthorized',
  'fdpAuthorized',
  'isiteAuthorized',
  'isiteMigration',
  'mcAuthorized',
  'ooAuthorized',
  'passwordResetRequired',
  'scriptAuthorized',
  'titanAuthorized',
] as const

/** Keys of Cognito's userMetadata. */
export const USER_KEYS = ['homeroomId', 'siteId'] as const

/**
 * `SCRIPT` is seen in a sample, the others are guessed from the prefixes of appMetadata's keys (harmony-auth 6.3 (?)): they are
 * examples, and any text is taken.
 */
export const PRODUCT_KEYS = ['SCRIPT', 'CTS', 'EGRANTS', 'ERP', 'ERP_NC', 'FDP', 'ISITE', 'MC', 'OO', 'TITAN'] as const
export const productKey: Schema<string> = { json: { type: 'string', examples: [...PRODUCT_KEYS] } }

/** A pool's id as Cognito's own model limits it. */
export const userPoolId = form('^(?=.{1,55}$)[\\w-]+_[0-9a-zA-Z]+$', 'a user pool id')

type Texts<K extends string> = { [P in K]: Schema<string> }
type Flags<K extends string> = { [P in K]: Schema<boolean> }
type Nulled<F> = { [K in keyof F]: F[K] extends Schema<infer T> ? Schema<T | null> : never }

export function each<K extends string, T>(keys: readonly K[], schema: Schema<T>): { [P in K]: Schema<T> } {
  return Object.fromEntries(keys.map((key) => [key, schema])) as { [P in K]: Schema<T> }
}

/** In a PATCH, null takes an optional member away (harmony-auth 8). */
export function nulled<F extends Record<string, Schema<unknown>>>(fields: F): Nulled<F> {
  return Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, orNull(schema)])) as Nulled<F>
}

export const appKeys: Texts<(typeof STRINGS)[number]> & Flags<(typeof BOOLEANS)[number]> & { createdBy: Schema<string> } = {
  ...each(STRINGS, text),
  ...each(BOOLEANS, flag),
  createdBy: productKey,
}
export const cognitoAppKeys = { ...appKeys, isExternal: flag }
export const userKeys = each(USER_KEYS, text)
export const auth0UserKeys = { ...userKeys, mfaOptIn: anything, notificationSubscriptions: bag }

/** Answered as a text, taken as either. */
const eitherFlag: Schema<boolean | 'true' | 'false'> = { json: { enum: ['true', 'false', true, false] } }

const baseKeys = { blocked: flag, name: text, nickname: text, password: filled, picture: text, username: filled }
/** Not in the interfaces, but in the answers: of the unknown keys these mean something to Cognito (harmony-auth 8). */
const telling = { phoneNumber: text, emailVerified: eitherFlag, phoneVerified: eitherFlag }

export const postCognitoUser = titled(
  'PostCognitoUserBody',
  indexable(
    { userPoolId, email: filled, firstName: filled, lastName: filled, appMetadata: indexable({}, cognitoAppKeys) },
    { ...baseKeys, userMetadata: indexable({}, userKeys), ...telling },
  ),
)

export const patchCognitoUser = titled(
  'PatchCognitoUserBody',
  indexable(
    {},
    {
      userPoolId,
      email: filled,
      firstName: filled,
      lastName: filled,
      ...nulled({
        blocked: flag,
        name: text,
        nickname: text,
        picture: text,
        phoneNumber: text,
        appMetadata: indexable({}, nulled(cognitoAppKeys)),
        userMetadata: indexable({}, nulled(userKeys)),
      }),
      password: filled,
      username: filled,
      emailVerified: telling.emailVerified,
      phoneVerified: telling.phoneVerified,
    },
  ),
)

export type PostCognitoUser = Of<typeof postCognitoUser>
export type PatchCognitoUser = Of<typeof patchCognitoUser>

/** `sendInvite` mails a link by which the user chooses a password (harmony-auth 3.2; what the mail says is ours). */
const auth0Keys = {
  ...baseKeys,
  clientId: text,
  connection: word('district', 'self-signup'),
  emailVerified: flag,
  sendInvite: flag,
}

export const postAuth0User = titled(
  'PostAuth0UserBody',
  indexable(
    {
      email: filled,
      givenName: filled,
      familyName: filled,
      appMetadata: indexable({}, appKeys),
      userMetadata: indexable({}, auth0UserKeys),
    },
    auth0Keys,
  ),
)

export const patchAuth0User = titled(
  'PatchAuth0UserBody',
  indexable(
    {},
    {
      email: filled,
      givenName: filled,
      familyName: filled,
      ...auth0Keys,
      ...nulled({
        blocked: flag,
        name: text,
        nickname: text,
        picture: text,
        clientId: text,
        appMetadata: indexable({}, nulled(appKeys)),
        userMetadata: indexable({}, { ...nulled(userKeys), mfaOptIn: anything, notificationSubscriptions: orNull(bag) }),
      }),
    },
  ),
)

export type PostAuth0User = Of<typeof postAuth0User>
export type PatchAuth0User = Of<typeof patchAuth0User>

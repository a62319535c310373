import { anything, bag, filled, flag, form, indexable, type Of, orNull, type Schema, text, titled, word } from './schema.ts'

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

function each<K extends string, T>(keys: readonly K[], schema: Schema<T>): { [P in K]: Schema<T> } {
  return Object.fromEntries(keys.map((key) => [key, schema])) as { [P in K]: Schema<T> }
}

/** In a PATCH, null takes an optional member away (harmony-auth 8). */
export function nulled<F extends Record<string, Schema<unknown>>>(fields: F): Nulled<F> {
  return Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, orNull(schema)])) as Nulled<F>
}

const appKeys: Texts<(typeof STRINGS)[number]> & Flags<(typeof BOOLEANS)[number]> & { createdBy: Schema<string> } = {
  ...each(STRINGS, text),
  ...each(BOOLEANS, flag),
  createdBy: productKey,
}
const cognitoAppKeys = { ...appKeys, isExternal: flag }
const userKeys = each(USER_KEYS, text)
const auth0UserKeys = { ...userKeys, mfaOptIn: anything, notificationSubscriptions: bag }

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

const words = each([...STRINGS, 'createdBy', ...USER_KEYS], text)

/**
 * A Cognito user as answered: flat, metadata at the top in the form of attribute values (`"true"`), as in the documentation's sample;
 * beside it the nested forms with the types of the interfaces (harmony-auth 7). Unknown keys of the request are answered too.
 */
export const cognitoUser = titled(
  'CognitoUser',
  indexable(
    {
      id: filled,
      username: filled,
      provider: word('cognito-user'),
      connection: userPoolId,
      userPoolId,
      status: text,
      disabled: flag,
      blocked: flag,
      createdAt: text,
      updatedAt: text,
      emailVerified: word('true', 'false'),
      appMetadata: indexable({}, cognitoAppKeys),
      userMetadata: indexable({}, userKeys),
    },
    {
      email: text,
      name: text,
      firstName: text,
      lastName: text,
      nickname: text,
      picture: text,
      phoneNumber: text,
      phoneVerified: word('true', 'false'),
      ...words,
      ...each([...BOOLEANS, 'isExternal'], word('true', 'false')),
    },
  ),
)

export type CognitoUser = Of<typeof cognitoUser>

export { appKeys, auth0UserKeys, baseKeys }

import { BOOLEANS, STRINGS, USER_KEYS } from '../definitions/user.ts'
import type { Profile } from '../records.ts'
import type { PoolFacts } from '../upstream.ts'

/**
 * How a Harmony user lies in a Cognito user (harmony-auth 8). One rule for what is not a standard attribute: a value goes to
 * `custom:<key>` if the pool's schema has an attribute of that name, else into Harmony's own profile, so that any pool will do.
 * `passwordResetRequired` has 21 characters, one more than a custom attribute's name may have, so it is always in the profile.
 */
export interface Person {
  /** Top-level keys that are text in Cognito, and those no interface lists. */
  top: Record<string, unknown>
  appMetadata: Record<string, unknown>
  userMetadata: Record<string, unknown>
}

const FIELDS: Readonly<Record<string, string>> = {
  email: 'email',
  firstName: 'given_name',
  lastName: 'family_name',
  name: 'name',
  nickname: 'nickname',
  picture: 'picture',
  phoneNumber: 'phone_number',
}

const FLAGS: ReadonlySet<string> = new Set([...BOOLEANS, 'isExternal'])
const APP_KEYS: ReadonlySet<string> = new Set([...STRINGS, 'createdBy', ...FLAGS])
const OWN_USER_KEYS: ReadonlySet<string> = new Set(USER_KEYS)

/** The Cognito attributes that Harmony minds; it leaves all others alone. */
export const MANAGED: readonly string[] = [...Object.values(FIELDS), ...[...APP_KEYS, ...USER_KEYS].map((key) => `custom:${key}`)]

/** What a custom attribute's name may have at most, without its prefix. */
const LONGEST = 20

/** The keys of metadata that a pool can have attributes for. */
export const CUSTOM_KEYS: readonly string[] = [...APP_KEYS, ...USER_KEYS].filter((key) => key.length <= LONGEST)

/** Keys of metadata that may stand at the top of a flat user. */
export const isAppKey = (key: string): boolean => APP_KEYS.has(key)
export const isUserKey = (key: string): boolean => OWN_USER_KEYS.has(key)
export const isFlag = (key: string): boolean => FLAGS.has(key)

type Leftovers = Pick<Profile, 'appMetadata' | 'userMetadata' | 'others'>

/** Where everything goes. Cognito takes an empty value for a deletion, so an empty text stays in the profile. */
export function place(person: Person, pool: PoolFacts): { attributes: Record<string, string>; left: Leftovers } {
  const schema = new Set(pool.SchemaAttributes?.map(({ Name }) => Name))
  const attributes: Record<string, string> = {}
  const others: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(person.top)) {
    const attribute = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
    if (attribute !== undefined && typeof value === 'string' && value !== '') attributes[attribute] = value
    else others[key] = value
  }
  const metadata = (values: Record<string, unknown>, known: (key: string) => boolean) => {
    const left: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(values)) {
      if (known(key) && value !== '' && schema.has(`custom:${key}`)) attributes[`custom:${key}`] = String(value)
      else left[key] = value
    }
    return left
  }
  const left = { appMetadata: metadata(person.appMetadata, isAppKey), userMetadata: metadata(person.userMetadata, isUserKey), others }
  return { attributes, left }
}

/** The way back. Whoever made the user, what Cognito says goes before the profile. */
export function gather(attributes: Readonly<Record<string, string>>, profile: Leftovers | undefined): Person {
  const top: Record<string, unknown> = { ...profile?.others }
  for (const [key, attribute] of Object.entries(FIELDS)) {
    if (attributes[attribute] !== undefined) top[key] = attributes[attribute]
  }
  const metadata = (keys: Iterable<string>, left: Record<string, unknown> = {}) => {
    const values = { ...left }
    for (const key of keys) {
      const value = attributes[`custom:${key}`]
      if (value !== undefined) values[key] = FLAGS.has(key) ? value === 'true' : value
    }
    return values
  }
  return { top, appMetadata: metadata(APP_KEYS, profile?.appMetadata), userMetadata: metadata(USER_KEYS, profile?.userMetadata) }
}

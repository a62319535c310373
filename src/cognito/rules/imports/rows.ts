import { Refusal } from '../../../core/refusal.ts'
import type { CognitoCall } from '../../call.ts'
import { type Pool, passwords, type User } from '../../records.ts'
import { taken } from '../users/aliases.ts'
import { checkSchema } from '../users/attributes.ts'
import { requireForm } from '../users/usernames.ts'
import { add, newSub } from '../users/users.ts'
import { HASH_COLUMN, LONGEST_ROW, splitRow } from './columns.ts'
import { importedPassword, isHashOf } from './hashes.ts'

export type Outcome = 'SUCCEEDED' | 'SKIPPED' | 'FAILED'

export interface RowContext {
  pool: Pool
  header: readonly string[]
  algorithm: string | undefined
}

const CONTACTS = ['email', 'phone_number'] as const

const SUCCEEDED = 'The import succeeded.'
const EXISTS = 'The user already exists.'
const UNVERIFIED = 'The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).'

/** (?) Reasons that the documentation gives rules for, but no sentences. */
const WHY = {
  columns: 'The number of values does not match the header.',
  tooLong: `The row is longer than ${LONGEST_ROW} characters.`,
  username: 'The cognito:username value is missing or contains white space.',
  mfa: 'The cognito:mfa_enabled value is not true or false, or does not fit the MFA configuration of the user pool.',
  flag: (name: string) => `The ${name} value is not true or false.`,
  contact: (name: string) => `The ${name}_verified value is true without a value for ${name}.`,
  birthdate: 'The birthdate value is not in the format mm/dd/yyyy.',
  hash: (algorithm: string) => `The ${HASH_COLUMN} value is not a ${algorithm} hash.`,
} as const

/** Makes a user of one row of the file, and says what became of it in the words of the log (X3). */
export function importRow(call: CognitoCall, context: RowContext, row: string): { outcome: Outcome; message: string } {
  const read = readRow(context, row)
  if (typeof read === 'string') return { outcome: 'FAILED', message: read }
  try {
    return fileUser(call, context, read)
  } catch (error) {
    // The rules of every other way to make a user hold here too; a row they refuse has changed nothing yet.
    if (!(error instanceof Refusal)) throw error
    return { outcome: 'FAILED', message: error.message.trim() }
  }
}

interface Row {
  username: string
  mfa: boolean
  hash: string | undefined
  attributes: Record<string, string>
}

/** What the row says, or what is wrong with it. */
function readRow({ pool, header, algorithm }: RowContext, row: string): Row | string {
  if (row.length > LONGEST_ROW) return WHY.tooLong
  const values = splitRow(row)
  if (values.length !== header.length) return WHY.columns
  const given = new Map(header.map((name, index) => [name, values[index] ?? '']))

  const username = given.get('cognito:username') ?? ''
  if (username === '' || /\s/.test(username)) return WHY.username
  const mfa = flag(given.get('cognito:mfa_enabled'))
  if (mfa === undefined || !fitsMfa(pool, mfa)) return WHY.mfa
  const hash = given.get(HASH_COLUMN) || undefined
  if (algorithm !== undefined && hash !== undefined && !isHashOf(algorithm, hash)) return WHY.hash(algorithm)

  const attributes: Record<string, string> = {}
  for (const [name, value] of given) {
    if (value === '' || name.startsWith('cognito:')) continue
    attributes[name] = value
  }
  for (const contact of CONTACTS) {
    const name = `${contact}_verified`
    const verified = attributes[name] === undefined ? false : flag(attributes[name])
    if (verified === undefined) return WHY.flag(name)
    if (verified && attributes[contact] === undefined) return WHY.contact(contact)
    if (attributes[name] !== undefined) attributes[name] = String(verified)
  }
  if (!CONTACTS.some((contact) => pool.AutoVerifiedAttributes?.includes(contact) && attributes[`${contact}_verified`] === 'true')) {
    return UNVERIFIED
  }
  if (attributes.birthdate !== undefined && !/^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/\d{4}$/.test(attributes.birthdate)) {
    return WHY.birthdate
  }
  return { username, mfa, hash, attributes }
}

function fileUser(call: CognitoCall, { pool, algorithm }: RowContext, row: Row): { outcome: Outcome; message: string } {
  const contact = requireForm(call, pool, row.username)
  const attributes = contact === undefined ? row.attributes : { ...row.attributes, [contact]: row.username }
  checkSchema(call, pool, attributes, { required: true })
  const sub = newSub(call)
  const user: User = {
    sub,
    Username: contact === undefined ? row.username : sub,
    Attributes: attributes,
    Enabled: true,
    UserStatus: row.hash === undefined ? 'RESET_REQUIRED' : 'CONFIRMED',
    UserCreateDate: call.seconds,
    UserLastModifiedDate: call.seconds,
    ...(row.mfa ? { UserMFASettingList: ['SMS_MFA'] } : {}),
  }
  const conflict = taken(call, pool, user)
  if (conflict !== undefined && pool.AliasAttributes?.some((alias) => alias === conflict)) {
    return { outcome: 'FAILED', message: `An account with the ${conflict} already exists.` }
  }
  if (conflict !== undefined) return { outcome: 'SKIPPED', message: EXISTS }

  add(call, pool, user)
  if (row.hash !== undefined && algorithm !== undefined) passwords.put(call, pool.Id, sub, importedPassword(call, algorithm, row.hash))
  return { outcome: 'SUCCEEDED', message: SUCCEEDED }
}

function flag(value: string | undefined): boolean | undefined {
  if (/^true$/i.test(value ?? '')) return true
  return /^false$/i.test(value ?? '') ? false : undefined
}

/** MFA required wants TRUE of all, MFA off FALSE of all (cognito-facts 201). */
function fitsMfa(pool: Pool, mfa: boolean): boolean {
  return pool.MfaConfiguration === 'OPTIONAL' || mfa === (pool.MfaConfiguration === 'ON')
}

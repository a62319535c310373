import type { CognitoCall } from '../../call.ts'
import type { AttributeListType, SchemaAttributeType } from '../../contract/types.ts'
import type { Client, Pool, User } from '../../records.ts'

/** Attributes by name, the last of several winning, in the order of being given. */
export function toRecord(list: AttributeListType = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value = '' }) => [Name, Value]))
}

/** The pool's attribute of that name, if its schema has one. */
export function schemaOf(pool: Pool, name: string): SchemaAttributeType | undefined {
  return pool.SchemaAttributes.find((attribute) => attribute.Name === name)
}

/** Refuses attributes the pool does not have, and values its schema does not allow; `required` also refuses what is not there (S10). */
export function checkSchema(
  call: CognitoCall,
  pool: Pool,
  attributes: Readonly<Record<string, string>>,
  { required = false }: { required?: boolean } = {},
): void {
  const stranger = Object.keys(attributes).find((name) => schemaOf(pool, name) === undefined)
  if (stranger !== undefined) refuse(call, `Type for attribute {${stranger}} could not be determined`)

  const missing = required
    ? pool.SchemaAttributes.filter(({ Name = '', Required }) => Required === true && Name !== 'sub' && (attributes[Name] ?? '') === '')
    : []
  const wrong = Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, complaint(schemaOf(pool, name), value)])
  if (missing.length > 0) refuse(call, missingWords(missing.map(({ Name = '' }) => Name)))
  const sentences = wrong.filter(([, words]) => words !== undefined).map(([name, words]) => `${name}: ${words}\n`)
  if (sentences.length > 0) refuse(call, sentences.join(''))

  if ((attributes.email ?? '') !== '' && !isEmail(attributes.email as string)) {
    call.fail('InvalidParameterException', 'Invalid email address format.')
  }
  if ((attributes.phone_number ?? '') !== '' && !isPhoneNumber(attributes.phone_number as string)) {
    call.fail('InvalidParameterException', 'Invalid phone number format.')
  }
}

/**
 * What the service calls attributes inside, where they are missing: so its refusals since 2025 (agentlang#240, and public vocabularies
 * of its sentences), which once were `email: The attribute is required` (S10). (?) Of others than these it is not known.
 */
const INNER_NAMES: Readonly<Record<string, string>> = {
  email: 'emails',
  phone_number: 'phoneNumbers',
  name: 'name.formatted',
  given_name: 'name.givenName',
  family_name: 'name.familyName',
  middle_name: 'name.middleName',
  nickname: 'nickName',
  preferred_username: 'preferredUsername',
  address: 'addresses',
}

/** That these attributes are missing: `emails: The attribute emails is required, name.formatted: The …`. */
function missingWords(names: readonly string[]): string {
  return names
    .map((name) => INNER_NAMES[name] ?? name)
    .map((name) => `${name}: The attribute ${name} is required`)
    .join(', ')
}

function refuse(call: CognitoCall, words: string): never {
  return call.fail('InvalidParameterException', `Attributes did not conform to the schema: ${words}`)
}

/** (?) Wording of broken constraints (cognito-behaviour A15 gives none): what is wrong with a value of that type, if anything. */
function complaint(schema: SchemaAttributeType | undefined, value: string): string | undefined {
  switch (schema?.AttributeDataType) {
    case 'Number': {
      const { MinValue, MaxValue } = schema.NumberAttributeConstraints ?? {}
      if (!/^-?\d+(\.\d+)?$/.test(value)) return 'Attribute value must be a number'
      if (MinValue !== undefined && Number(value) < Number(MinValue)) return `Number must be no smaller than ${MinValue}`
      if (MaxValue !== undefined && Number(value) > Number(MaxValue)) return `Number must be no larger than ${MaxValue}`
      return undefined
    }
    case 'Boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'Attribute value must be true or false'
    case 'DateTime':
      return Number.isNaN(Date.parse(value)) && !/^\d+$/.test(value) ? 'Attribute value must be a date' : undefined
    default: {
      const { MinLength, MaxLength } = schema?.StringAttributeConstraints ?? {}
      const length = [...value].length
      if (MinLength !== undefined && length < Number(MinLength)) return `String must be no shorter than ${MinLength} characters`
      if (MaxLength !== undefined && length > Number(MaxLength)) return `String must be no longer than ${MaxLength} characters`
      return undefined
    }
  }
}

/** Refuses to set what the pool does not let change once the user is there (A13); (?) also where there is no value yet, or the same. */
export function requireMutable(call: CognitoCall, pool: Pool, attributes: Readonly<Record<string, string>>): void {
  requireNoSub(call, attributes)
  const fixed = Object.keys(attributes).find((name) => schemaOf(pool, name)?.Mutable === false)
  if (fixed !== undefined) call.fail('InvalidParameterException', `user.${fixed}: Attribute cannot be updated.`)
}

/** A user's sub is given by the service alone. */
export function requireNoSub(call: CognitoCall, attributes: Readonly<Record<string, string>>): void {
  if (attributes.sub !== undefined) call.fail('InvalidParameterException', 'user.sub: Attribute cannot be updated.')
}

/** Refuses to delete what the pool needs or does not know (A13). */
export function requireDeletable(call: CognitoCall, pool: Pool, names: readonly string[]): void {
  for (const name of names) {
    const schema = schemaOf(pool, name)
    if (schema === undefined) {
      call.fail('InvalidParameterException', `Invalid user attributes: user.${name}: Attribute does not exist in the schema.\n`)
    }
    if (schema.Required === true || name === 'sub') {
      call.fail('InvalidParameterException', `Invalid user attributes: ${name}: Required attribute cannot be deleted.`)
    }
    if (schema.Mutable === false) call.fail('InvalidParameterException', `user.${name}: Attribute cannot be updated.`)
  }
}

/** A user's attributes with these set; an empty value deletes one (A14). */
export function withAttributes(before: Readonly<Record<string, string>>, set: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...set }).filter(([, value]) => value !== ''))
}

export function without(before: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name)))
}

/** Refuses what the client may not write; whether a contact is verified is never a client's to say (S11). */
export function requireWritable(call: CognitoCall, client: Client, names: readonly string[]): void {
  const allowed = client.WriteAttributes
  for (const name of names) {
    const writable = !isFlag(name) && (allowed === undefined || allowed.length === 0 ? coveredByDefault(name) : allowed.includes(name))
    if (!writable) call.fail('NotAuthorizedException', 'A client attempted to write unauthorized attribute')
  }
}

/** The attributes that the client may read, sub always (A17). */
export function readable(client: Client, user: User): AttributeListType {
  const visible = Object.entries(user.Attributes).filter(([name]) => isReadable(client, name))
  return [{ Name: 'sub', Value: user.sub }, ...visible.map(([Name, Value]) => ({ Name, Value }))]
}

/** Whether the client sees that attribute, in tokens too. */
export function isReadable(client: Client, name: string): boolean {
  const allowed = client.ReadAttributes
  return allowed === undefined || allowed.length === 0 ? coveredByDefault(name) : allowed.includes(name)
}

/**
 * A client whose lists were never set works on every attribute, custom ones too, save those for developers only: so real tokens and the
 * console show (floci#984, aws-aspnet-cognito-identity-provider#89), although the documentation speaks of standard ones (C5) (?).
 */
function coveredByDefault(name: string): boolean {
  return !name.startsWith('dev:')
}

function isFlag(name: string): boolean {
  return name === 'email_verified' || name === 'phone_number_verified'
}

export function isEmail(value: string): boolean {
  return value.length <= 2048 && /^[^\s@,;<>()[\]\\"]+@[^\s@.,;<>()[\]\\"]+(\.[^\s@.,;<>()[\]\\"]+)*$/.test(value)
}

/** E.164: a plus sign and up to fifteen digits. */
export function isPhoneNumber(value: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(value)
}

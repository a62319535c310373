import type { CognitoCall } from '../../call.ts'
import type { AttributeDataType, SchemaAttributeType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'

/** An attribute of a pool's schema as it is stored: everything but the constraints is always there. */
export type SchemaAttribute = Pool['SchemaAttributes'][number]

const text = (Name: string, MinLength = '0', MaxLength = '2048'): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength, MaxLength },
})

const flag = (Name: string): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
})

/** The standard attributes in the service's order (cognito-behaviour P3, cognito-facts 36); custom ones follow them. */
export const STANDARD: readonly SchemaAttributeType[] = [
  { ...text('sub', '1'), Mutable: false, Required: true },
  text('name'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('nickname'),
  text('preferred_username'),
  text('profile'),
  text('picture'),
  text('website'),
  text('email'),
  flag('email_verified'),
  text('gender'),
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  flag('phone_number_verified'),
  text('address'),
  { ...flag('updated_at'), AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '0' } },
  { ...flag('identities'), AttributeDataType: 'String', StringAttributeConstraints: {} },
]

/** What a custom attribute is when the caller does not say whether it may change (?): the contract names no default. */
const MUTABLE_BY_DEFAULT = true

const MOST_CUSTOM = 50
const LONGEST_VALUE = 2048

/** The schema of a new pool: the standard attributes, changed as asked, then the custom ones. */
export function newSchema(call: CognitoCall, asked: readonly SchemaAttributeType[] = []): SchemaAttributeType[] {
  const standard = new Map(STANDARD.map((attribute) => [attribute.Name ?? '', attribute]))
  const custom: SchemaAttributeType[] = []
  for (const attribute of asked) {
    const name = attribute.Name ?? call.fail('InvalidParameterException', NAMELESS)
    const original = standard.get(name)
    if (original === undefined) custom.push(attribute)
    else standard.set(name, overridden(call, original, attribute))
  }
  const names = custom.map(({ Name, DeveloperOnlyAttribute }) => `${DeveloperOnlyAttribute === true ? 'dev:' : ''}custom:${Name}`)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  // badmintoncryer/cdk-preflight, a pool deployed in September 2026.
  if (twice !== undefined) {
    call.fail('InvalidParameterException', `Duplicate custom attribute names ${twice} are not allowed in a user pool schema.`)
  }
  return withCustom(call, [...standard.values()], custom)
}

/** (?) How the service asks for a name that the contract calls optional and that it needs. */
const NAMELESS = 'Attribute name cannot be empty.'

/** The schema with custom attributes at its end, each once (P4 to P6). */
export function withCustom(
  call: CognitoCall,
  schema: readonly SchemaAttributeType[],
  asked: readonly SchemaAttributeType[],
): SchemaAttributeType[] {
  const all = [...schema]
  for (const attribute of asked) {
    const made = custom(call, attribute)
    if (all.some(({ Name }) => Name === made.Name)) {
      call.fail('InvalidParameterException', `${made.Name}: Existing attribute already has name ${made.Name}.`)
    }
    all.push(made)
  }
  const count = all.length - STANDARD.length
  if (count > MOST_CUSTOM) call.fail('InvalidParameterException', tooManyCustom(count))
  return all
}

/** What an attribute without a type is told (amplify-backend#3299). */
const TYPELESS = 'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.'

/** (?) The number is the service's (cognito-facts 51), the sentence is not known. */
function tooManyCustom(count: number): string {
  return `User pools cannot have more than ${MOST_CUSTOM} custom attributes, this one would have ${count}.`
}

function custom(call: CognitoCall, asked: SchemaAttributeType): SchemaAttributeType {
  const name = asked.Name ?? call.fail('InvalidParameterException', NAMELESS)
  const developerOnly = asked.DeveloperOnlyAttribute ?? false
  const Name = `${developerOnly ? 'dev:' : ''}custom:${name}`
  if (asked.Required === true) call.fail('InvalidParameterException', 'Required custom attributes are not supported currently.')
  const AttributeDataType = asked.AttributeDataType ?? call.fail('InvalidParameterException', TYPELESS)
  return {
    Name,
    AttributeDataType,
    DeveloperOnlyAttribute: developerOnly,
    Mutable: asked.Mutable ?? MUTABLE_BY_DEFAULT,
    Required: false,
    ...constraints(call, Name, AttributeDataType, asked, {}),
  }
}

function overridden(call: CognitoCall, original: SchemaAttributeType, asked: SchemaAttributeType): SchemaAttributeType {
  const { Name = '', AttributeDataType = 'String' } = original
  const changesType = asked.AttributeDataType !== undefined && asked.AttributeDataType !== AttributeDataType
  if (changesType || asked.DeveloperOnlyAttribute === true) {
    call.fail(
      'InvalidParameterException',
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${Name}`,
    )
  }
  return {
    ...original,
    Mutable: asked.Mutable ?? original.Mutable,
    Required: asked.Required ?? original.Required,
    ...constraints(call, Name, AttributeDataType, asked, original),
  }
}

/** The constraints that fit the type: those asked for, else those there were. Numbers are written as text. */
function constraints(
  call: CognitoCall,
  name: string,
  type: AttributeDataType,
  asked: SchemaAttributeType,
  original: SchemaAttributeType,
): Pick<SchemaAttributeType, 'StringAttributeConstraints' | 'NumberAttributeConstraints'> {
  if (type === 'String') {
    const { MinLength, MaxLength } = asked.StringAttributeConstraints ?? original.StringAttributeConstraints ?? {}
    const min = limit(call, name, 'StringAttributeConstraints.MinLength', MinLength)
    const max = limit(call, name, 'StringAttributeConstraints.MaxLength', MaxLength)
    if ((min ?? 0) > LONGEST_VALUE || (max ?? 0) > LONGEST_VALUE) {
      call.fail('InvalidParameterException', `user.${name}: String attributes cannot have a length of more than ${LONGEST_VALUE}`)
    }
    if (min !== undefined && max !== undefined && min > max) {
      // As these sentences were deployed in September 2026 (badmintoncryer/cdk-preflight).
      call.fail('InvalidParameterException', `Attribute ${name} cannot have a max length shorter than it's min length`)
    }
    return { StringAttributeConstraints: { MinLength, MaxLength } }
  }
  if (type === 'Number') {
    const { MinValue, MaxValue } = asked.NumberAttributeConstraints ?? original.NumberAttributeConstraints ?? {}
    const min = limit(call, name, 'NumberAttributeConstraints.MinValue', MinValue, /^-?\d+$/)
    const max = limit(call, name, 'NumberAttributeConstraints.MaxValue', MaxValue, /^-?\d+$/)
    if (min !== undefined && max !== undefined && min > max) {
      call.fail('InvalidParameterException', `Attribute ${name} cannot have a max value smaller than it's min value`)
    }
    return { NumberAttributeConstraints: { MinValue, MaxValue } }
  }
  return {}
}

function limit(call: CognitoCall, name: string, which: string, value: string | undefined, form = /^\d+$/): number | undefined {
  if (value === undefined) return undefined
  return form.test(value) ? Number(value) : call.fail('InvalidParameterException', `Invalid ${which} for schema attribute ${name}`)
}

import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, Provider } from '../../records.ts'
import { checkSchema, schemaOf } from '../users/attributes.ts'
import { refuseHere } from './refusing.ts'

/** What a provider said of a person, by its own names: a list where there were several values. */
export type Said = Readonly<Record<string, unknown>>

const LONGEST = 2048
const FOUR_BYTES = /[\u{10000}-\u{10ffff}]/u

/** What was said by that name; what every object has was not said. */
export function toldOf(said: Said, name: string): unknown {
  return Object.hasOwn(said, name) ? said[name] : undefined
}

/** A value as it is stored. Several are written as one text in brackets (guide, attribute mapping). */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map((part) => encoded(textOf(part) ?? '')).join(',')}]`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** As a form is encoded, letters, digits and `.-*_` being left. */
function encoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2)
}

/** What `said` comes to by the provider's mapping, without the user name. */
export function mapped({ AttributeMapping }: Provider, said: Said): Record<string, string> {
  return Object.fromEntries(
    Object.entries(AttributeMapping).flatMap(([to, from]) => {
      if (to === 'username') return []
      const value = textOf(toldOf(said, from))
      return value === undefined ? [] : [[to, value] as const]
    }),
  )
}

const CONTACTS = ['email', 'phone_number'] as const
const VERIFIED: readonly string[] = CONTACTS.map((name) => `${name}_verified`)

/** Whether a contact is verified is the provider's to say, and not so unless it does (cognito-facts 198). */
export function withMarks(provider: Provider, attributes: Readonly<Record<string, string>>): Record<string, string> {
  const marks = CONTACTS.filter((name) => attributes[name] !== undefined && !(`${name}_verified` in provider.AttributeMapping))
  return { ...attributes, ...Object.fromEntries(marks.map((name) => [`${name}_verified`, 'false'])) }
}

export function checkNew(call: CognitoCall, pool: Pool, provider: Provider, attributes: Readonly<Record<string, string>>): void {
  const missing = pool.SchemaAttributes.filter(({ Name = '', Required }) => Required && Name !== 'sub' && (attributes[Name] ?? '') === '')
  const names = missing.map(({ Name }) => Name ?? '')
  if (names.length > 0 && provider.ProviderType === 'SAML') {
    // In the words of re:Post (cognito-invalid-saml-response-errors), which are not those of a sign-up.
    const words = names.map((name) => `${name}: The attribute is required\n`).join('')
    call.fail('InvalidParameterException', `Invalid user attributes: ${words}`)
  }
  if (names.length > 0) refuseHere(call, `attributes required: [${names.join(', ')}]`)
  checkValues(call, pool, provider, attributes)
}

/**
 * What is mapped is written at every sign-in, whatever it was before: what the pool does not let change, or the client may not write,
 * keeps the person out the second time (amplify-js#3526; reference, WriteAttributes), and what the pool needs may not be taken away.
 */
export function checkChanged(
  call: CognitoCall,
  pool: Pool,
  client: Client,
  provider: Provider,
  attributes: Readonly<Record<string, string>>,
): void {
  const fixed = Object.keys(attributes).find((name) => schemaOf(pool, name)?.Mutable === false || !mayWrite(client, name))
  if (fixed !== undefined) call.fail('InvalidParameterException', `user.${fixed}: Attribute cannot be updated.\n`)
  const required = pool.SchemaAttributes.filter(({ Name, Required }) => Required && Name !== 'sub').map(({ Name = '' }) => Name)
  // An assertion that tells no more of one takes it away, too (re:Post, cognito-invalid-saml-response-errors).
  const emptied = required.find((name) => attributes[name] === '' || (provider.ProviderType === 'SAML' && attributes[name] === undefined))
  if (emptied !== undefined) {
    call.fail('InvalidParameterException', `Invalid user attributes: ${emptied}: Required attribute cannot be deleted\n`)
  }
  checkValues(call, pool, provider, attributes)
}

/** Whether a contact is verified is the provider's to say, never the client's. */
function mayWrite({ WriteAttributes: writable = [] }: Client, name: string): boolean {
  return writable.length === 0 || writable.includes(name) || VERIFIED.includes(name)
}

function checkValues(call: CognitoCall, pool: Pool, { ProviderType }: Provider, attributes: Readonly<Record<string, string>>): void {
  // (?) That an assertion's characters have three bytes at most is documented (guide, things to know about SAML), the sentence is not.
  const wide = Object.keys(attributes).find((name) => ProviderType === 'SAML' && FOUR_BYTES.test(attributes[name] ?? ''))
  if (wide !== undefined) call.fail('InvalidParameterException', `Invalid user attributes: ${wide}: Value has 4-byte characters\n`)
  // (?) The limit is documented, the sentence is that of other broken constraints.
  const long = Object.keys(attributes).find((name) => [...(attributes[name] ?? '')].length > LONGEST)
  if (long !== undefined) {
    call.fail(
      'InvalidParameterException',
      `Attributes did not conform to the schema: ${long}: String must be no longer than ${LONGEST} characters\n`,
    )
  }
  checkSchema(call, pool, attributes)
}

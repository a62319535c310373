import type { CognitoCall } from '../../call.ts'
import type { IdentityProviderType } from '../../contract/types.ts'
import { type Pool, type Provider, providers } from '../../records.ts'
import { KINDS } from './provider-details.ts'

export function requireProvider(call: CognitoCall, pool: Pool, name: string): Provider {
  return providers.get(call, pool.Id, name) ?? call.fail('ResourceNotFoundException', noProvider(name))
}

/** (?) After the sentences for pools and clients. */
function noProvider(name: string): string {
  return `Identity provider ${name} does not exist.`
}

/** A provider as answers show it. */
export function providerView({ Hidden, ...provider }: Provider): IdentityProviderType {
  return provider
}

/** Names that belong to one type each, which is named by nothing else (cognito-facts 59). */
const SOCIAL: readonly string[] = ['Google', 'Facebook', 'LoginWithAmazon', 'SignInWithApple']

export function isSocial(type: string): boolean {
  return SOCIAL.includes(type)
}

export function checkName(call: CognitoCall, name: string, type: Provider['ProviderType']): void {
  const wrong = isSocial(type) ? name !== type : isSocial(name) || name.toLowerCase() === 'cognito'
  if (wrong) call.fail('InvalidParameterException', `Provider ${name} cannot be of type ${type}.`)
}

/**
 * The mapping that is stored: what was given, and `username` from the type's subject if it was not said (G3). Refuses attributes
 * that the pool does not have (aws-cli#9729) and a mapping that leaves out what the pool requires (amplify-backend#963).
 */
export function checkedMapping(
  call: CognitoCall,
  pool: Pool,
  type: Provider['ProviderType'],
  given: Record<string, string> = {},
): Record<string, string> {
  const schema = pool.SchemaAttributes.map(({ Name }) => Name ?? '')
  const invalid = Object.keys(given).filter((name) => name !== 'username' && (UNMAPPED.has(name) || !schema.includes(name)))
  if (invalid.length > 0) call.fail('InvalidParameterException', `AttributeMapping contains invalid mapping: [${invalid.join(', ')}]`)

  const required = pool.SchemaAttributes.filter(({ Name = '', Required }) => Required && !UNMAPPED.has(Name) && !(Name in given))
  if (required.length > 0) {
    const names = required.map(({ Name }) => Name).join(', ')
    call.fail('InvalidParameterException', `The attribute mapping is missing required attributes [${names}]`)
  }
  const { username } = KINDS[type]
  return username === undefined || 'username' in given ? given : { ...given, username }
}

/** Attributes that the pool itself gives. */
const UNMAPPED: ReadonlySet<string> = new Set(['sub', 'identities'])

/** An identifier is one provider's alone in its pool (G5). */
export function checkIdentifiers(call: CognitoCall, pool: Pool, name: string, identifiers: readonly string[]): void {
  const others = providers.all(call, pool.Id).filter(({ ProviderName }) => ProviderName !== name)
  const taken = identifiers.find(
    (identifier, index) =>
      identifiers.indexOf(identifier) !== index || others.some(({ IdpIdentifiers }) => IdpIdentifiers?.includes(identifier)),
  )
  if (taken !== undefined) call.fail('InvalidParameterException', identifierTaken(taken))
}

/** (?) */
function identifierTaken(identifier: string): string {
  return `Identity provider identifier ${identifier} already exists in the user pool.`
}

export function byIdentifier(call: CognitoCall, pool: Pool, identifier: string): Provider {
  const found = providers.all(call, pool.Id).find(({ IdpIdentifiers }) => IdpIdentifiers?.includes(identifier))
  return found ?? call.fail('ResourceNotFoundException', noProvider(identifier))
}

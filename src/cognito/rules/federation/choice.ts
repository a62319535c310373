import type { Call } from '../../../core/call.ts'
import { type Params, refuse } from '../../../oauth/index.ts'
import { type Client, type Pool, type Provider, providers } from '../../records.ts'

/** The providers that a client's users may come in through, in the client's order. */
export function offered(call: Call, pool: Pool, { SupportedIdentityProviders: names = [] }: Client): Provider[] {
  return names.map((name) => providers.get(call, pool.Id, name)).filter((provider) => provider !== undefined)
}

/** Whether the pool's own users may come in. (?) A client that names nobody takes them: the service shows no page for it. */
export function takesOwn({ SupportedIdentityProviders: names = [] }: Client): boolean {
  return names.length === 0 || names.includes('COGNITO')
}

/**
 * The provider that a request goes straight on to (O1): the one it names, or the only one there is for the client. (?) That the service
 * shows no page with a single choice is seen in life, not documented.
 */
export function chosen(call: Call, pool: Pool, client: Client, params: Params): Provider | undefined {
  const { identity_provider: name, idp_identifier: identifier } = params
  const all = offered(call, pool, client)
  if (identifier !== undefined) {
    const known = all.flatMap(({ IdpIdentifiers = [] }) => IdpIdentifiers)
    return all.find(({ IdpIdentifiers }) => IdpIdentifiers?.includes(identifier)) ?? unavailable(`idp_identifier ${identifier}`, known)
  }
  if (name !== undefined && name !== 'COGNITO') {
    const known = [...(takesOwn(client) ? ['COGNITO'] : []), ...all.map(({ ProviderName }) => ProviderName)]
    return all.find(({ ProviderName }) => ProviderName === name) ?? unavailable(`identity_provider ${name}`, known)
  }
  if (name === undefined && !takesOwn(client) && all.length === 1) return all[0]
  return undefined
}

/** Seen on the service's own page, whoever the client is; what it has is ours to say. */
function unavailable(asked: string, known: readonly string[]): never {
  const others = known.length === 0 ? 'none' : known.join(', ')
  return refuse(
    'invalid_request',
    `Login option is not available. Please try another one: there is no ${asked}. The client has: ${others}.`,
  )
}

/**
 * How the login page offers providers: by buttons, or by asking for an e-mail address where each of them has identifiers
 * (guide, managing identifiers).
 */
export function byAddress(all: readonly Provider[]): boolean {
  return all.length > 0 && all.every(({ IdpIdentifiers }) => (IdpIdentifiers ?? []).length > 0)
}

/** Whose identifier the address's domain is. */
export function ofAddress(all: readonly Provider[], address: string): Provider | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return all.find(({ IdpIdentifiers = [] }) => IdpIdentifiers.some((identifier) => identifier.toLowerCase() === domain))
}

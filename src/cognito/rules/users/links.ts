import type { CognitoCall } from '../../call.ts'
import { links, type Pool, type Provider, type User, users } from '../../records.ts'
import { change } from './users.ts'

/** The attribute name that stands for a provider's own subject. */
export const SUBJECT = 'Cognito_Subject'

/** One entry of a user's `identities` attribute (cognito-facts 200). */
export interface Identity {
  userId: string
  providerName: string
  providerType: Provider['ProviderType']
  issuer: string | null
  primary: boolean
  /** Epoch milliseconds. */
  dateCreated: number
}

export function identitiesOf(user: User): Identity[] {
  const text = user.Attributes.identities
  return text === undefined ? [] : (JSON.parse(text) as Identity[])
}

/** Whom an identity at a provider is linked to, if that user is still there. */
export function linkedUser(call: CognitoCall, pool: Pool, provider: string, attribute: string, value: string): User | undefined {
  const link = links.get(call, pool.Id, keyOf(provider, attribute, value))
  return link === undefined ? undefined : users.get(call, pool.Id, link.sub)
}

export function link(call: CognitoCall, pool: Pool, user: User, provider: Provider, attribute: string, value: string): User {
  links.put(call, pool.Id, keyOf(provider.ProviderName, attribute, value), { sub: user.sub })
  const identity: Identity = {
    userId: value,
    providerName: provider.ProviderName,
    providerType: provider.ProviderType,
    issuer: null,
    primary: false,
    dateCreated: call.now,
  }
  return change(call, pool, user, { Attributes: { ...user.Attributes, identities: JSON.stringify([...identitiesOf(user), identity]) } })
}

export function unlink(call: CognitoCall, pool: Pool, user: User, provider: string, attribute: string, value: string): User {
  links.remove(call, pool.Id, keyOf(provider, attribute, value))
  const rest = identitiesOf(user).filter(({ providerName, userId }) => providerName !== provider || userId !== value)
  const { identities, ...Attributes } = user.Attributes
  return change(call, pool, user, { Attributes: rest.length === 0 ? Attributes : { ...Attributes, identities: JSON.stringify(rest) } })
}

function keyOf(provider: string, attribute: string, value: string): string {
  return JSON.stringify([provider, attribute, value])
}

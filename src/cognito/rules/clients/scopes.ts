import type { CognitoCall } from '../../call.ts'
import { type Client, type Pool, resourceServers } from '../../records.ts'
import { isReadable } from '../users/attributes.ts'
import { OWN_SCOPES, REGISTER_SCOPE } from './oauth.ts'

const CONTACTS: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
}

/**
 * Whether a sign-in with these scopes lets its tokens and its bearer know this attribute: `email` and `phone` alone cut them down to
 * these, `openid` alone and `profile` let all be known (developer guide, scopes).
 */
export function isCovered(scope: string, attribute: string): boolean {
  const scopes = scope.split(' ')
  const contacts = Object.keys(CONTACTS).filter((name) => scopes.includes(name))
  if (scopes.includes('profile') || contacts.length === 0) return true
  return contacts.some((name) => CONTACTS[name]?.includes(attribute))
}

/** The scopes that a client may be given: one whose resource server is gone is still listed, but not granted (G7). */
export function grantableScopes(call: CognitoCall, pool: Pool, { AllowedOAuthScopes = [] }: Client): string[] {
  const custom = AllowedOAuthScopes.some((name) => !OWN_SCOPES.has(name))
  const known = new Set(custom ? [...namesOf(call, pool), REGISTER_SCOPE] : [])
  return AllowedOAuthScopes.filter((name) => OWN_SCOPES.has(name) || known.has(name))
}

function namesOf(call: CognitoCall, pool: Pool): string[] {
  return resourceServers
    .all(call, pool.Id)
    .flatMap(({ Identifier, Scopes = [] }) => Scopes.map(({ ScopeName }) => `${Identifier}/${ScopeName}`))
}

/** What these scopes speak of and the client cannot read (cognito-facts 189). */
export function unreadable(client: Client, scopes: readonly string[]): string | undefined {
  return Object.entries(CONTACTS).find(([name, [contact = '']]) => scopes.includes(name) && !isReadable(client, contact))?.[0]
}

/** Scopes about people, which mean nothing without an ID token. */
export const WITH_OPENID: readonly string[] = ['email', 'phone', 'profile']

import { collection } from '../core/records.ts'
import { credentials } from '../directory/credentials.ts'
import { people } from '../directory/people.ts'
import { tickets } from '../directory/tickets.ts'

/** What Harmony knows of a Cognito user and the pool has no attribute for. Filed under the pool by the user's id. */
export interface Profile {
  appMetadata: Record<string, unknown>
  userMetadata: Record<string, unknown>
  /** Top-level keys that no interface lists, and texts that Cognito cannot hold because they are empty. */
  others: Record<string, unknown>
  /** Made without a password and never given one: only an external provider lets such a user in. */
  passwordless?: boolean | undefined
  /** Epoch milliseconds of the last change made through Harmony. */
  changed: number
}

export const profiles = collection<Profile>('harmony.profile')

/** Whose an e-mail address is, folded; kept for users made or changed through Harmony. Filed under the pool by the address. */
export const addresses = collection<{ id: string }>('harmony.address')

/** The Auth0 users: a directory of Harmony's own, its pool in the store is called this. */
export const AUTH0 = 'auth0'

/** An Auth0 user; the person's id in the directory is `id`. */
export interface Auth0Record {
  id: string
  email: string
  emailVerified: boolean
  blocked: boolean
  connection: 'district' | 'self-signup'
  name: string
  givenName: string
  familyName: string
  nickname?: string | undefined
  picture?: string | undefined
  username?: string | undefined
  clientId?: string | undefined
  appMetadata: Record<string, unknown>
  userMetadata: Record<string, unknown>
  /** Top-level keys that no interface lists. */
  others: Record<string, unknown>
  /** RFC 3339. */
  createdAt: string
  updatedAt: string
}

export const auth0Users = people<Auth0Record>()
export const auth0Passwords = credentials<{ hash: string }>('password')

/** A link in a mail or an answer: who has it may do one thing, once. */
export interface Link {
  purpose: 'verify' | 'password'
  email: string
  clientId?: string | undefined
}

export const links = tickets<Link>('harmony.link')

/** When mails and resets went out to a user in the last hour, for the quota. Filed under the pool by the user's id. */
export const sendings = collection<{ at: number[] }>('harmony.sendings')

/** What Harmony keeps of a client: everything of an Auth0 client; of a Cognito client what Cognito has no room for. */
export interface ClientRecord {
  id: string
  provider: 'auth0-client' | 'cognito-client'
  userPoolId?: string | undefined
  product: string
  name: string
  secret?: string | undefined
  callbacks: string[]
  allowedLogoutUrls: string[]
  grantTypes: string[]
  webOrigins: string[]
  supportedIdp: string[]
  tokenEndpointAuthMethod: string
  appType: string
  description: string
  clientMetadata: Record<string, unknown>
  disabled: boolean
  /** Changed since the last POST /clients/sync. */
  stale: boolean
}

/** Filed under '' for Auth0, else under the pool, by the client's id. */
export const clients = collection<ClientRecord>('harmony.client')
/** Under what a client is filed, for who knows only its id. */
export const clientHomes = collection<{ parent: string }>('harmony.client-home')

/** What Harmony keeps of a connection: everything of an Auth0 connection; of a user pool its metadata. Filed under the provider. */
export interface ConnectionRecord {
  id: string
  name: string
  displayName?: string | undefined
  metadata: Record<string, unknown>
  createdAt: string
  updatedAt: string
}

export const connections = collection<ConnectionRecord>('harmony.connection')

export interface Tenant {
  tenantId: string
  product: string
  domain: string
  endpointUrl: string
}

/** Filed under the tenant's id by the product. */
export const tenants = collection<Tenant>('harmony.tenant')

/** What a refresh token stands for. */
export interface Grant {
  clientId: string
  scope: string
  userId?: string | undefined
  tenantId?: string | undefined
}

export const grants = tickets<Grant>('harmony.refresh')

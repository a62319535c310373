import { collection } from '../core/records.ts'
import { credentials } from '../directory/credentials.ts'
import { people } from '../directory/people.ts'
import type {
  AccessBinding,
  AccessPolicyBinding,
  Domain,
  Group,
  MfaEnforcement,
  Operation,
  Organization,
  Userpool,
  User as UserType,
} from './contract/types.ts'

/** A contract's type in which these members are always there once it is stored. */
export type Known<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> }

/** Documents are proto3 JSON as the API answers it; times are RFC 3339 texts, int64 decimal texts. */
export type StoredOrganization = Known<Organization, 'id' | 'name' | 'createdAt'>

/** Without `domains`, which are filed apart. */
export type Pool = Known<Omit<Userpool, 'domains'>, 'id' | 'organizationId' | 'name' | 'status' | 'createdAt' | 'updatedAt'>

export type User = Known<UserType, 'id' | 'userpoolId' | 'status' | 'username' | 'fullName' | 'createdAt' | 'updatedAt'>

export type StoredDomain = Known<Domain, 'domain' | 'status' | 'createdAt'>

/** A password, never in clear: bcrypt, or an imported hash that is verified in its own form (rules/users/password-hashes.ts). */
export interface Password {
  id: string
  kind: 'BCRYPT' | 'AD_MD4' | 'LDAP_PBKDF2_SHA256' | 'LDAP_PBKDF2_SHA256_OPENLDAP' | 'LDAP_PBKDF2_SHA512' | 'LDAP_PKCS5S2'
  hash: string
  /** Set by an administrator, to be changed at the first sign-in. */
  type: 'TEMPORARY' | 'PERMANENT'
  createdAt: string
  lastUsage?: { usedAt: string; ipAddress: string }
}

/**
 * What a changing operation would do, as a value: done at once, or kept with a running operation until it is over. A `patch` is laid
 * over what is there by then, so that two running operations on one thing do not undo each other; null takes a member away.
 */
export interface Change {
  /** The kind of record, or `user`, `password`. */
  what: string
  parent: string
  key: string
  put?: object
  patch?: Record<string, unknown>
}

/** A long-running operation: what the API answers, and what is still to be done. */
export interface Running {
  operation: Known<Operation, 'id' | 'createdAt' | 'createdBy' | 'modifiedAt' | 'metadata'>
  /** The operation's name here: which policy it runs by. */
  kind: string
  /** The resource it is listed under. */
  about?: string | undefined
  /** What is answered when it succeeds. */
  response: NonNullable<Operation['response']>
  /** What of it is secret, encrypted: it is told to whoever may read the operation, and is in no file in clear. */
  sealed?: string | undefined
  /** Done when it succeeds, and when it does not; empty once it is over. */
  changes: Change[]
  otherwise: Change[]
  /** How many polls are left until it is over. */
  polls?: number | undefined
  /** When it is over, where that is a matter of time: epoch milliseconds. */
  until?: number | undefined
  /** What was left of it when it was paused. */
  paused?: { time?: number | undefined; polls?: number | undefined } | undefined
  /** What it fails with when its time comes. */
  error?: { code: number; message: string } | undefined
}

/** How operations of one kind run, `*` for all others. Filed under '' by the kind. */
export interface Policy {
  kind: string
  runs: string
  error?: { code: number; message: string } | undefined
}

export const organizations = collection<StoredOrganization>('yandex.organization')
/** Under their organization. */
export const pools = collection<Pool>('yandex.userpool')
/** Under their pool. */
export const domains = collection<StoredDomain>('yandex.domain')
export const running = collection<Running>('yandex.operation')
/** Under the resource it is listed under. */
export const operationsAbout = collection<{ id: string }>('yandex.operation-about')
export const policies = collection<Policy>('yandex.operation-policy')
/** What the next operations of a kind, or of any (`*`), fail with, and how many of them. */
export const failures = collection<{ error: { code: number; message: string }; times: number }>('yandex.operation-failure')
/** Under the subject, by method and key. */
export const idempotency = collection<{ operation: string; at: number }>('yandex.idempotency')

/** Where things are filed that calls name by their id alone: users, pools, domains. */
export const homes = collection<{ parent: string }>('yandex.home')

/** What the emulator is told to find when it looks for a domain's challenge; by domain. */
export const verdicts = collection<{ valid: boolean }>('yandex.domain-verdict')

/** A new password on its way to the directory it came from, encrypted; under its pool by the operation that waits for it. */
export interface PasswordChange {
  userId: string
  externalUserId: string
  modifyingOperationId: string
  needChange: boolean
  generated: boolean
  offset: number
  secret: string
  operationExpiresAt: string
}
export const passwordChanges = collection<PasswordChange>('yandex.password-change')
/** How many changes a pool has had. */
export const offsets = collection<{ offset: number }>('yandex.password-change-offset')

export type StoredGroup = Known<Group, 'id' | 'organizationId' | 'name' | 'createdAt'>
export type StoredMfa = Known<MfaEnforcement, 'id' | 'organizationId' | 'name' | 'status' | 'createdAt'>

/** Under their organization. */
export const groups = collection<StoredGroup>('yandex.group')
/** Under their organization. */
export const mfaEnforcements = collection<StoredMfa>('yandex.mfa-enforcement')
/** Under an enforcement's id, `/excluded` behind it for the excluded; by subject. */
export const audiences = collection<{ id: string; type: string }>('yandex.mfa-audience')
/** Under the resource, by role and subject. */
export const accessBindings = collection<AccessBinding>('yandex.access-binding')
/** Under the resource, by template. */
export const accessPolicies = collection<AccessPolicyBinding>('yandex.access-policy')

/** Keys of our own. */
export const secrets = collection<{ secret: string }>('yandex.secret')

export const users = people<User>()
export const passwords = credentials<Password>('password')

/** A WebAuthn key that a user added as a second factor, and the host whose pages it is for. */
export interface Passkey {
  id: string
  /** COSE, base64url. */
  publicKey: string
  counter: number
  rp: string
  transports: readonly string[]
}
/** By the key's id. */
export const passkeys = credentials<Passkey>('passkey')

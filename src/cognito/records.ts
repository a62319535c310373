import { collection } from '../core/records.ts'
import { credentials } from '../directory/credentials.ts'
import { people } from '../directory/people.ts'
import type { UserPoolClientType, UserPoolType, UserStatusType } from './contract/types.ts'

/** A contract's type in which these members are always there once it is stored. */
type Known<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> }

/** A pool as DescribeUserPool answers it, save what is counted when asked (`EstimatedNumberOfUsers`). Filed under '' by its id. */
export type Pool = Known<UserPoolType, 'Id' | 'Name' | 'Arn' | 'SchemaAttributes' | 'Policies' | 'MfaConfiguration' | 'CreationDate'>

/** A client as DescribeUserPoolClient answers it. Filed under its pool by its id. */
export type Client = Known<UserPoolClientType, 'ClientId' | 'UserPoolId' | 'ClientName' | 'CreationDate'>

/** A user; the person's id in the directory is `sub`. Dates are epoch seconds. */
export interface User {
  sub: string
  /** The stored user name: what was given, or the sub in a pool whose users are named by e-mail or phone. */
  Username: string
  /** Without `sub`, in the order of being set. Custom ones with their prefix. */
  Attributes: Record<string, string>
  Enabled: boolean
  UserStatus: UserStatusType
  UserCreateDate: number
  UserLastModifiedDate: number
}

/** A password, never in clear: bcrypt for plain sign-in, salt and verifier for SRP (both hexadecimal). */
export interface Password {
  hash: string
  salt: string
  verifier: string
  /** Set by an administrator, to be changed at the first sign-in. */
  temporary: boolean
  /** Epoch milliseconds. */
  set: number
}

export const pools = collection<Pool>('cognito.pool', { cached: true })
export const clients = collection<Client>('cognito.client', { cached: true })
/** Which pool a client belongs to, for calls that name only the client. */
export const clientHomes = collection<{ pool: string }>('cognito.client-home', { cached: true })
export const users = people<User>()
export const passwords = credentials<Password>('password')

import type { CognitoCall } from '../operation.ts'
import { type Pool, type User, users } from '../records.ts'

/** Kinds of login names, in the order in which a name given to an operation is looked up (cognito-behaviour A6). */
export const NAME_KINDS = ['username', 'sub', 'email', 'phone_number', 'preferred_username'] as const

/** A name as it is compared: pools made with CaseSensitive false fold it (P10). */
export function fold(pool: Pool, name: string): string {
  return pool.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name
}

/** By user name, sub or active alias. */
export function find(call: CognitoCall, pool: Pool, name: string): User | undefined {
  return users.find(call, pool.Id, fold(pool, name), NAME_KINDS)
}

/** The user, or the refusal every administrator's operation gives. */
export function require(call: CognitoCall, pool: Pool, name: string): User {
  return find(call, pool, name) ?? call.fail('UserNotFoundException', 'User does not exist.')
}

import { Taken } from '../../../core/refusal.ts'
import type { CognitoCall } from '../../call.ts'
import { type Pool, type User, users } from '../../records.ts'
import { filing, fold, NAME_KINDS } from './aliases.ts'

export { fold, NAME_KINDS } from './aliases.ts'

/** By user name, sub or active alias (cognito-behaviour A6). */
export function find(call: CognitoCall, pool: Pool, name: string): User | undefined {
  return users.find(call, pool.Id, fold(pool, name), NAME_KINDS)
}

/** The user, or the refusal every administrator's operation gives. */
export function require(call: CognitoCall, pool: Pool, name: string): User {
  return find(call, pool, name) ?? call.fail('UserNotFoundException', 'User does not exist.')
}

/** A new identifier in the layout of a UUID; the service's own do not keep to a version of RFC 4122 (cognito-facts 23). */
export function newSub(call: CognitoCall): string {
  return call.identifier(() => {
    const hex = call.random.bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-70${hex.slice(14, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  })
}

/** Files a new user; throws `Taken`, which each way of coming into being words differently. */
export function add(call: CognitoCall, pool: Pool, user: User): User {
  return users.add(call, pool.Id, user.sub, user, filing(pool, user))
}

/** Files the user as changed, names and attributes included. The modification date is the caller's to set. */
export function save(call: CognitoCall, pool: Pool, user: User): User {
  try {
    return users.save(call, pool.Id, user.sub, user, filing(pool, user))
  } catch (error) {
    if (!(error instanceof Taken)) throw error
    return call.fail('AliasExistsException', `An account with the given ${error.what} already exists.`)
  }
}

/** Changes a user's record and says when. */
export function change(call: CognitoCall, pool: Pool, user: User, changes: Partial<User>): User {
  return save(call, pool, { ...user, ...changes, UserLastModifiedDate: call.seconds })
}

/** With everything that is the user's: credentials, memberships, codes, tokens. */
export function remove(call: CognitoCall, pool: Pool, user: User): void {
  users.remove(call, pool.Id, user.sub)
}

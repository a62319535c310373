import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { NO_CODE, useCode } from '../messages/codes.ts'
import { hidesExistence } from '../messages/deliveries.ts'
import { holdAttempts } from '../sign-in/attempts.ts'
import { claimAliases } from './aliases.ts'
import { change, find } from './users.ts'

/** For a user who does not exist, where a client may be told (S19, F2). */
export const NO_SUCH_PAIR = 'Username/client id combination not found.'

/** Only a user who has signed up and nothing else can be confirmed (S15). */
export function requireUnconfirmed(call: CognitoCall, user: User): void {
  if (user.UserStatus !== 'UNCONFIRMED') {
    call.fail('NotAuthorizedException', `User cannot be confirmed. Current status is ${user.UserStatus}`)
  }
}

/** Confirms who signed up by the code that went out, and marks the address it went to as verified, if it is still theirs (S15, S16). */
export function confirmByCode(
  call: CognitoCall,
  { pool, client }: { pool: Pool; client: Client },
  { username, code, force = false }: { username: string; code: string; force?: boolean | undefined },
): User {
  const user =
    find(call, pool, username) ??
    (hidesExistence(client) ? call.fail('ExpiredCodeException', NO_CODE) : call.fail('UserNotFoundException', NO_SUCH_PAIR))
  requireUnconfirmed(call, user)
  holdAttempts(call, pool, user, 'confirm')
  const { attribute, destination } = useCode(call, pool, user, 'confirm', code)

  const stillTheirs = user.Attributes[attribute] === destination
  const Attributes = stillTheirs ? { ...user.Attributes, [`${attribute}_verified`]: 'true' } : user.Attributes
  const confirmed: User = { ...user, UserStatus: 'CONFIRMED', Attributes }
  claimAliases(call, pool, confirmed, force)
  return change(call, pool, user, { UserStatus: 'CONFIRMED', Attributes })
}

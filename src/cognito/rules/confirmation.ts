import type { CognitoCall } from '../operation.ts'
import type { User } from '../records.ts'

/** For a user who does not exist, where a client may be told (S19, F2). */
export const NO_SUCH_PAIR = 'Username/client id combination not found.'

/** Only a user who has signed up and nothing else can be confirmed (S15). */
export function requireUnconfirmed(call: CognitoCall, user: User): void {
  if (user.UserStatus !== 'UNCONFIRMED') {
    call.fail('NotAuthorizedException', `User cannot be confirmed. Current status is ${user.UserStatus}`)
  }
}

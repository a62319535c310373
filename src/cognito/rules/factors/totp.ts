import * as apps from '../../../directory/totp.ts'
import type { CognitoCall } from '../../call.ts'
import type { Pool, User } from '../../records.ts'

type SoftwareToken = apps.SoftwareToken

/** A user's authenticator app (cognito-facts 143). */
const owner = (pool: Pool, user: User) => ({ pool: pool.Id, person: user.sub })

export function softwareToken(call: CognitoCall, pool: Pool, user: User): SoftwareToken | undefined {
  return apps.softwareToken(call, owner(pool, user))
}

/** A new secret, good for nothing until a code of it is given. */
export function associate(call: CognitoCall, pool: Pool, user: User): string {
  return apps.associate(call, owner(pool, user))
}

/** Takes the pending secret into use if this is a code of it; undefined if none is pending. */
export function verifyPending(
  call: CognitoCall,
  pool: Pool,
  user: User,
  given: { code: string; name: string | undefined },
): boolean | undefined {
  return apps.verifyPending(call, owner(pool, user), given)
}

/** Uses a code up: `wrong`, or `used` if it was before (I9). */
export function useCode(call: CognitoCall, pool: Pool, user: User, token: SoftwareToken, code: string): 'right' | 'wrong' | 'used' {
  return apps.useCode(call, owner(pool, user), token, code)
}

export function removeToken(call: CognitoCall, pool: Pool, user: User): boolean {
  return apps.removeToken(call, owner(pool, user))
}

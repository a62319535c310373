import type { CognitoCall } from '../../call.ts'
import type { DeliveryMediumListType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { sendInvitation } from '../messages/messages.ts'
import { setPassword } from '../passwords/passwords.ts'
import { generatePassword, requirePolicy } from '../passwords/policy.ts'
import { require } from './users.ts'

/** How a user made by an administrator is told, when the call does not say (cognito-facts 91). */
export const DEFAULT_MEDIA: DeliveryMediumListType = ['SMS']

/** The temporary password given, checked, or a new one that meets the pool's policy. */
export function temporaryPassword(call: CognitoCall, pool: Pool, given: string | undefined): string {
  if (given === undefined) return generatePassword(call, pool)
  requirePolicy(call, pool, given)
  return given
}

/** A user with a verified contact that the pool accepts as first factor needs no password (A4). */
export function signsInWithoutPassword(pool: Pool, user: User): boolean {
  const factors = pool.Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []
  const verified = (contact: string) => user.Attributes[contact] !== undefined && user.Attributes[`${contact}_verified`] === 'true'
  return (factors.includes('EMAIL_OTP') && verified('email')) || (factors.includes('SMS_OTP') && verified('phone_number'))
}

/** MessageAction RESEND: a new temporary password for who has not used the first, its time starting anew (A3). */
export function resend(
  call: CognitoCall,
  pool: Pool,
  { username, password, media }: { username: string; password: string | undefined; media: DeliveryMediumListType },
): User {
  const user = require(call, pool, username)
  if (user.UserStatus !== 'FORCE_CHANGE_PASSWORD') {
    call.fail('UnsupportedUserStateException', `Resend not possible. ${username} status is not FORCE_CHANGE_PASSWORD`)
  }
  const temporary = temporaryPassword(call, pool, password)

  const renewed = setPassword(call, pool, user, temporary, { temporary: true })
  sendInvitation(call, pool, renewed, temporary, media)
  return renewed
}

import type { CognitoCall } from '../../call.ts'
import type { CodeDeliveryDetailsType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { deliver } from '../messages/deliveries.ts'
import type { Contact } from '../messages/messages.ts'

const MECHANISMS: Record<string, { contact: Contact; factor: string }> = {
  verified_email: { contact: 'email', factor: 'EMAIL_OTP' },
  verified_phone_number: { contact: 'phone_number', factor: 'SMS_MFA' },
}

/** Whether only an administrator can reset passwords in this pool (F4). */
export function adminOnly(pool: Pool): boolean {
  return pool.AccountRecoverySetting?.RecoveryMechanisms?.some(({ Name }) => Name === 'admin_only') === true
}

/**
 * The verified contact that a reset's code goes to: by the pool's setting, never one that is the user's second factor at sign-in;
 * without a setting the phone, then the e-mail (F1, cognito-facts 88).
 */
export function recoveryContact(pool: Pool, user: User): Contact | undefined {
  const verified = (contact: Contact) => user.Attributes[contact] !== undefined && user.Attributes[`${contact}_verified`] === 'true'
  const order = pool.AccountRecoverySetting?.RecoveryMechanisms
  if (order === undefined) return (['phone_number', 'email'] as const).find(verified)
  return [...order]
    .sort((a, b) => a.Priority - b.Priority)
    .map(({ Name }) => MECHANISMS[Name])
    .find((way) => way !== undefined && verified(way.contact) && user.UserMFASettingList?.includes(way.factor) !== true)?.contact
}

export const NO_CONTACT = 'Cannot reset password for the user as there is no registered/verified email or phone_number'

/** Statuses from which a password can be reset: somebody who has, or had, one of their own (F4, A8). */
export function requireResettable(call: CognitoCall, user: User): void {
  if (user.UserStatus !== 'CONFIRMED' && user.UserStatus !== 'RESET_REQUIRED' && user.UserStatus !== 'COMPROMISED') {
    call.fail('NotAuthorizedException', 'User password cannot be reset in the current state.')
  }
}

export function sendReset(call: CognitoCall, pool: Pool, user: User, contact: Contact): CodeDeliveryDetailsType {
  return deliver(call, pool, user, { purpose: 'reset', occasion: 'ForgotPassword', contact })
}

import type { CognitoCall } from '../../call.ts'
import type { Pool } from '../../records.ts'
import { isEmail, isPhoneNumber } from './attributes.ts'

/** Refuses a name that the pool's users cannot have, and answers the attribute that it becomes in a pool named by contact (S7, S13). */
export function requireForm(call: CognitoCall, pool: Pool, name: string): 'email' | 'phone_number' | undefined {
  const kinds = pool.UsernameAttributes ?? []
  if (kinds.length > 0) {
    const kind = isEmail(name) ? 'email' : isPhoneNumber(name) ? 'phone_number' : undefined
    if (kind !== undefined && kinds.includes(kind)) return kind
    return call.fail('InvalidParameterException', FORMS[kinds.length === 2 ? 'both' : (kinds[0] as 'email' | 'phone_number')])
  }
  if (isEmail(name) && pool.AliasAttributes?.includes('email')) {
    call.fail('InvalidParameterException', 'Username cannot be of email format, since user pool is configured for email alias.')
  }
  if (isPhoneNumber(name) && pool.AliasAttributes?.includes('phone_number')) {
    call.fail('InvalidParameterException', PHONE_ALIAS)
  }
  return undefined
}

const FORMS = {
  email: 'Username should be an email.',
  phone_number: 'Username should be a phone number.',
  both: 'Username should be either an email or a phone number.',
} as const

/** (?) By analogy with the text for e-mail (cognito-facts 68). */
const PHONE_ALIAS = 'Username cannot be of phone number format, since user pool is configured for phone number alias.'

/** Whether a new user could sign in by a code to a contact given, and so needs no password. */
export function offersPasswordless(pool: Pool, attributes: Readonly<Record<string, string>>): boolean {
  const factors = pool.Policies.SignInPolicy?.AllowedFirstAuthFactors ?? []
  return (
    (factors.includes('EMAIL_OTP') && attributes.email !== undefined) ||
    (factors.includes('SMS_OTP') && attributes.phone_number !== undefined)
  )
}

/** What somebody signs up with is not verified, and says so. */
export function unverified(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const flags = (['email', 'phone_number'] as const).filter((contact) => attributes[contact] !== undefined)
  return { ...attributes, ...Object.fromEntries(flags.map((contact) => [`${contact}_verified`, 'false'])) }
}

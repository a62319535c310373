import type { Key } from '../../oauth/index.ts'
import { OUT_OF_REACH } from '../rules/factors/step-up.ts'

/** Two passwords that should be the same: said by the pages alone. */
export const PASSWORDS_DIFFER = 'The passwords differ.'

const POLICY = 'Password did not conform with policy: Password'
const EXPIRED = 'Temporary password has expired and must be reset by an administrator.'
const NO_EMAIL_NAME = 'Username cannot be of email format, since user pool is configured for email alias.'
const NO_CONTACT = 'Cannot reset password for the user as there is no registered/verified email or phone_number'

/** What the pages say instead, and of which of their fields. */
const WORDS: Readonly<Record<string, readonly [key: Key, field?: string]>> = {
  'Incorrect username or password.': ['wrongPassword', 'password'],
  'Invalid verification code provided, please try again.': ['wrongCode', 'code'],
  'Invalid code or auth state for the user.': ['wrongCode', 'code'],
  'Invalid code received for user': ['wrongCode', 'code'],
  'Code mismatch and fail enable Software Token MFA': ['wrongCode', 'code'],
  'Invalid code provided, please request a code again.': ['oldCode', 'code'],
  'Your software token has already been used once.': ['oldCode', 'code'],
  [OUT_OF_REACH]: ['outOfReach'],
  'User already exists': ['userExists', 'username'],
  'User account already exists': ['userExists', 'username'],
  [NO_EMAIL_NAME]: ['usernameEmail', 'username'],
  'User does not exist.': ['noUser', 'username'],
  'User is disabled.': ['userDisabled'],
  'User is not confirmed.': ['unconfirmed'],
  'User cannot be confirmed. Current status is CONFIRMED': ['alreadyConfirmed'],
  'Password reset required for the user': ['resetRequired'],
  'Password attempts exceeded': ['tooOften'],
  'Attempt limit exceeded, please try after some time.': ['tooOften'],
  [NO_CONTACT]: ['noContact'],
  [EXPIRED]: ['passwordExpired'],
  [PASSWORDS_DIFFER]: ['passwordsDiffer', 'confirm_password'],
  [`${POLICY} not long enough`]: ['passwordShort', 'password'],
  [`${POLICY} must have uppercase characters`]: ['passwordUpper', 'password'],
  [`${POLICY} must have lowercase characters`]: ['passwordLower', 'password'],
  [`${POLICY} must have numeric characters`]: ['passwordNumber', 'password'],
  [`${POLICY} must have symbol characters`]: ['passwordSymbol', 'password'],
  'Password has previously been used': ['passwordUsed', 'password'],
  'Invalid email address format.': ['emailFormat', 'email'],
  'Invalid phone number format.': ['phoneFormat', 'phone_number'],
}

function known(message: string): readonly [key?: Key, field?: string] {
  return Object.hasOwn(WORDS, message) ? (WORDS[message] ?? []) : []
}

/** Which of the service's sentences the pages say in the reader's language; the others are shown as they are. */
export function wordsFor({ message }: { message: string }): Key | undefined {
  const [key] = known(message)
  return key ?? (message.startsWith('Invalid session for the user') ? 'lost' : undefined)
}

/** Which field of a form it is about. */
export function fieldFor({ message }: { message: string }): string | undefined {
  return known(message)[1]
}

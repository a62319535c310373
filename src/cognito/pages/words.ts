import type { Key } from '../../oauth/index.ts'
import { OUT_OF_REACH } from '../rules/step-up.ts'

const WORDS: Readonly<Record<string, Key>> = {
  'Incorrect username or password.': 'wrongPassword',
  'Invalid verification code provided, please try again.': 'wrongCode',
  'Invalid code or auth state for the user.': 'wrongCode',
  'Invalid code received for user': 'wrongCode',
  'Code mismatch and fail enable Software Token MFA': 'wrongCode',
  'Invalid code provided, please request a code again.': 'oldCode',
  'Your software token has already been used once.': 'oldCode',
  [OUT_OF_REACH]: 'outOfReach',
  'User already exists': 'userExists',
  'User account already exists': 'userExists',
  'User is disabled.': 'userDisabled',
  'User is not confirmed.': 'unconfirmed',
  'Password reset required for the user': 'resetRequired',
  'Password attempts exceeded': 'tooOften',
  'Attempt limit exceeded, please try after some time.': 'tooOften',
}

/** Which of the service's sentences the pages say in the reader's language; the others are shown as they are. */
export function wordsFor({ message }: { message: string }): Key | undefined {
  if (Object.hasOwn(WORDS, message)) return WORDS[message]
  return message.startsWith('Invalid session for the user') ? 'lost' : undefined
}

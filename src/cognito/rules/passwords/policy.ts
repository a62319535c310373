import { DIGITS, LOWER, UPPER } from '../../../core/random.ts'
import type { CognitoCall } from '../../call.ts'
import type { PasswordPolicyType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'

/** What counts as a symbol (cognito-facts 72). A space counts too, but not at either end. */
const SYMBOLS = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-'

/** Used where a pool has no policy of its own (P2). */
const DEFAULTS = { MinimumLength: 8, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true } as const

const RULES: { flag: keyof PasswordPolicyType; met: (password: string) => boolean; words: string }[] = [
  { flag: 'RequireUppercase', met: (password) => /[A-Z]/.test(password), words: 'Password must have uppercase characters' },
  { flag: 'RequireLowercase', met: (password) => /[a-z]/.test(password), words: 'Password must have lowercase characters' },
  { flag: 'RequireNumbers', met: (password) => /[0-9]/.test(password), words: 'Password must have numeric characters' },
  { flag: 'RequireSymbols', met: hasSymbol, words: 'Password must have symbol characters' },
]

function hasSymbol(password: string): boolean {
  return password.trim().includes(' ') || [...password].some((character) => SYMBOLS.includes(character))
}

/** The pool's policy, defaults filled in. */
export function policyOf(pool: Pool): PasswordPolicyType {
  return { ...DEFAULTS, ...pool.Policies.PasswordPolicy }
}

/** One reason at a time, the length first (cognito-behaviour S9). (?) The order of the rest. */
export function requirePolicy(call: CognitoCall, pool: Pool, password: string): void {
  const policy = policyOf(pool)
  const tooShort = [...password].length < (policy.MinimumLength ?? DEFAULTS.MinimumLength)
  const words = tooShort ? 'Password not long enough' : RULES.find(({ flag, met }) => policy[flag] === true && !met(password))?.words
  if (words !== undefined) call.fail('InvalidPasswordException', `Password did not conform with policy: ${words}`)
}

/** What generated passwords draw their symbols from: none that a mail or a shell would garble. */
const PLAIN_SYMBOLS = '!@#%^*_+=?-'

/** A temporary password with a character of every class, long enough for the pool. */
export function generatePassword(call: CognitoCall, pool: Pool): string {
  const { random } = call
  const length = Math.max(policyOf(pool).MinimumLength ?? DEFAULTS.MinimumLength, DEFAULTS.MinimumLength)
  const classes = [UPPER, LOWER, DIGITS, PLAIN_SYMBOLS]
  const every = classes.map((alphabet) => random.text(1, alphabet))
  const rest = [...random.text(length - every.length, UPPER + LOWER + DIGITS)]
  return random.shuffle([...every, ...rest]).join('')
}

import type { ChallengeNameType } from '../contract/types.ts'
import type { SignIn } from './challenges/challenge.ts'
import { factorsOf } from './mfa.ts'

/** Challenges that are a second proof, or the end of setting one up. */
const SECOND: readonly ChallengeNameType[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP']

/** What stands between somebody whose first proof was right and the tokens: the first that is due. */
export function due(signIn: SignIn): ChallengeNameType | undefined {
  const { user } = signIn
  if (user?.UserStatus === 'FORCE_CHANGE_PASSWORD') return 'NEW_PASSWORD_REQUIRED'
  return secondProof(signIn)
}

/** A second factor: the preferred one, the only one, the choice among several, or setting one up (M1, M8). */
function secondProof(signIn: SignIn): ChallengeNameType | undefined {
  const { call, pool, user } = signIn
  if (user === undefined || hasTwoProofs(signIn)) return undefined
  const factors = factorsOf(call, pool, user)
  const preferred = factors.find((factor) => factor === user.PreferredMfaSetting)
  if (preferred !== undefined) return preferred
  if (factors.length > 1) return 'SELECT_MFA_TYPE'
  return factors[0] ?? (pool.MfaConfiguration === 'ON' ? 'MFA_SETUP' : undefined)
}

/** An e-mailed code may be the first proof or the second, by its place. */
function hasTwoProofs({ progress: { passed } }: SignIn): boolean {
  return passed.some((name, place) => SECOND.includes(name) || (name === 'EMAIL_OTP' && place > 0))
}

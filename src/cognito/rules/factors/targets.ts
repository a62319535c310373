/** What a level that a sign-in is to reach leaves of the factors (guide, step-up authentication with the USER_AUTH flow). */
import type { CognitoCall } from '../../call.ts'
import type { Pool, User } from '../../records.ts'
import type { SignIn } from '../challenges/challenge.ts'
import type { Level } from '../sign-in/sessions.ts'
import { type Factor, offered, reaches } from './mfa.ts'

/** Second factors that make a password a proof of that level. */
const SECONDS: Readonly<Record<Level, readonly Factor[]>> = { 1: [], 2: [], 3: ['SMS_MFA', 'EMAIL_OTP'], 4: ['SOFTWARE_TOKEN_MFA'] }

/** What proves a user at that level, behind a password. */
export function secondsFor(call: CognitoCall, pool: Pool, user: User, level: Level): Factor[] {
  return offered(call, pool).filter((factor) => SECONDS[level].includes(factor) && reaches(call, pool, user, factor))
}

/** What is left of the first proofs where a level is to be reached. */
export function firstsFor<Choice extends string>(
  { call, pool, user }: Pick<SignIn, 'call' | 'pool' | 'user'>,
  level: Level,
  choices: Choice[],
): Choice[] {
  const passwords = user === undefined || level === 1 || secondsFor(call, pool, user, level).length > 0
  return choices.filter((choice) => {
    if (choice === 'PASSWORD' || choice === 'PASSWORD_SRP') return level !== 2 && passwords
    return choice === 'WEB_AUTHN' ? level === 3 : level === 2
  })
}

import type { CognitoCall } from '../../call.ts'
import type { AuthFactorType } from '../../contract/types.ts'
import { type Pool, passwords, type User } from '../../records.ts'
import { type Outcome, type Parameters, passed, type SignIn } from '../challenges/challenge.ts'
import { provePassword, refuseStranger } from '../passwords/proof.ts'
import { hasMfa } from './mfa.ts'
import { isMultiFactor, passkeysOf } from './passkeys.ts'
import { firstsFor } from './targets.ts'

/** What a sign-in by choice may begin with, in the order of being offered. */
const CHOICES = ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const

export type Choice = (typeof CHOICES)[number]

/** The pool's first factors, cut to what the user has (L20, cognito-facts 155). */
export function configuredFactors(call: CognitoCall, pool: Pool, user: User): AuthFactorType[] {
  const has: Record<string, boolean> = {
    PASSWORD: passwords.get(call, pool.Id, user.sub) !== undefined,
    EMAIL_OTP: isVerified(user, 'email'),
    SMS_OTP: isVerified(user, 'phone_number'),
    WEB_AUTHN: passkeysOf(call, pool, user).length > 0,
  }
  return allowedFactors(pool).filter((factor) => has[factor] === true)
}

export function allowedFactors(pool: Pool): AuthFactorType[] {
  return pool.Policies.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD']
}

function isVerified(user: User, contact: 'email' | 'phone_number'): boolean {
  return user.Attributes[contact] !== undefined && user.Attributes[`${contact}_verified`] === 'true'
}

/** Who needs a second proof or a new password begins with the password (cognito-facts 132); somebody pretended is offered what anybody may have. */
export function choicesOf({ call, pool, user, progress }: Pick<SignIn, 'call' | 'pool' | 'user'> & Partial<SignIn>): Choice[] {
  const factors = user === undefined ? allowedFactors(pool).filter((factor) => factor !== 'WEB_AUTHN') : configuredFactors(call, pool, user)
  const usable = factors.filter((factor) => {
    if (user === undefined || factor === 'PASSWORD') return true
    if (user.UserStatus === 'FORCE_CHANGE_PASSWORD') return false
    // A passkey whose authenticator knows its user is two proofs at once (cognito-facts 134).
    return !hasMfa(call, pool, user) || (factor === 'WEB_AUTHN' && isMultiFactor(call, pool) && user.PasskeyMfa !== false)
  })
  const choices = CHOICES.filter((choice) => usable.includes(choice === 'PASSWORD_SRP' ? 'PASSWORD' : choice))
  return progress?.target === undefined ? choices : firstsFor({ call, pool, user }, progress.target, choices)
}

/** Goes on with a choice; a password or the first number of SRP that came along is taken at once (L21). */
export function choose(signIn: SignIn, choice: Choice, given: Parameters): Outcome {
  if (choice === 'PASSWORD' && given.PASSWORD !== undefined) return withPassword(signIn, given.PASSWORD)
  if (choice === 'PASSWORD_SRP' && given.SRP_A !== undefined) return { signIn, challenge: 'PASSWORD_VERIFIER', given }
  return { signIn, challenge: choice, given }
}

export function withPassword(signIn: SignIn, password: string): Outcome {
  const { call, pool, client, user, progress } = signIn
  if (user === undefined) return refuseStranger(call, pool, progress.username)
  provePassword(call, pool, client, user, password)
  return { signIn: passed(signIn, 'PASSWORD') }
}

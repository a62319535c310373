import { peekToken } from '../../core/jwt.ts'
import type { ChallengeNameType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool, User } from '../records.ts'
import { acrLevels } from './acr-levels.ts'
import type { Parameters, SignIn } from './challenges/challenge.ts'
import { choicesOf } from './first-factors.ts'
import { type Factor, offered, reaches } from './mfa.ts'
import { requireFeature } from './pool-tier.ts'
import type { Level, Progress } from './sessions.ts'
import { callerOf } from './tokens.ts'

/** What the proofs of a sign-in are called in `amr` (developer guide, authentication levels with ACR and AMR claims). */
const METHODS: Partial<Record<ChallengeNameType, string>> = {
  PASSWORD: 'pwd',
  PASSWORD_VERIFIER: 'pwd',
  SOFTWARE_TOKEN_MFA: 'otp',
  SMS_OTP: 'sms',
  SMS_MFA: 'sms',
  EMAIL_OTP: 'email_otp',
}

/** And back: what a method in an access token stands for. */
const PROOFS: Readonly<Record<string, ChallengeNameType>> = {
  pwd: 'PASSWORD',
  otp: 'SOFTWARE_TOKEN_MFA',
  sms: 'SMS_MFA',
  email_otp: 'EMAIL_OTP',
  swk: 'WEB_AUTHN',
  hwk: 'WEB_AUTHN',
}

const LEVELS: readonly Level[] = [1, 2, 3, 4]

/** Second factors that make a password a proof of that level. */
const SECONDS: Readonly<Record<Level, readonly Factor[]>> = { 1: [], 2: [], 3: ['SMS_MFA', 'EMAIL_OTP'], 4: ['SOFTWARE_TOKEN_MFA'] }

// (?) What is refused is documented (guide, step-up authentication with the USER_AUTH flow), the sentences are not.
const NEEDS_TARGET = 'ACCESS_TOKEN requires TARGET_ACR_VALUES.'
const UNKNOWN_LEVELS = 'TARGET_ACR_VALUES has no valid value.'
const OUT_OF_REACH = 'The user has no factors configured that satisfy TARGET_ACR_VALUES.'
const OTHER_USER = 'Access Token does not belong to the user.'
const REACHED = 'The access token already meets the requested authentication level.'
const WRONG_AGE = 'MAX_AGE must be a non-negative integer.'

/** The sign-in with the level that it is to reach, and what an access token shows to be proven already. Without a target all stays. */
export function stepUp(signIn: SignIn, parameters: Parameters): SignIn {
  const { call, pool, user, progress } = signIn
  const { TARGET_ACR_VALUES: asked, ACCESS_TOKEN: token, MAX_AGE: age } = parameters
  if (asked === undefined) return token === undefined ? signIn : call.fail('InvalidParameterException', NEEDS_TARGET)
  requireFeature(call, pool, 'ESSENTIALS', 'Step-up authentication')
  if (age !== undefined && !/^\d+$/.test(age)) call.fail('InvalidParameterException', WRONG_AGE)
  const names = Object.values(acrLevels(pool)).map(({ AcrValue }) => AcrValue)
  const levels = asked
    .split(' ')
    .map((name) => LEVELS[names.indexOf(name)])
    .filter((level) => level !== undefined)
  if (levels.length === 0) call.fail('InvalidParameterException', UNKNOWN_LEVELS)
  // Somebody pretended fails later, like anybody who cannot prove a thing.
  if (user === undefined) return { ...signIn, progress: { ...progress, target: levels[0] } }

  const known = token === undefined ? undefined : credit(call, user, token, age === undefined ? undefined : Number(age))
  const level = levels.find((candidate) => isReachable(signIn, user, candidate))
  if (level === undefined) return call.fail('InvalidParameterException', OUT_OF_REACH)
  const next: Progress = { ...progress, ...known, target: level }
  if (known !== undefined && (levelOf(next) ?? 0) >= level) call.fail('InvalidParameterException', REACHED)
  return { ...signIn, progress: next }
}

/** What the token's `amr` says was proven, unless that is longer ago than is asked for. */
function credit(call: CognitoCall, user: User, token: string, age: number | undefined): Pick<Progress, 'passed' | 'authenticator'> {
  const caller = callerOf(call, token)
  if (caller.user.sub !== user.sub) call.fail('NotAuthorizedException', OTHER_USER)
  const methods = (peekToken(token)?.amr as string[] | undefined) ?? []
  if (age !== undefined && call.seconds - caller.login.authTime > age) return { passed: [] }
  const authenticator = methods.find((method): method is 'swk' | 'hwk' => method === 'swk' || method === 'hwk')
  return { passed: methods.map((method) => PROOFS[method]).filter((proof) => proof !== undefined), authenticator }
}

function isReachable(signIn: SignIn, user: User, level: Level): boolean {
  const choices = choicesOf(signIn)
  if (level === 1) return choices.includes('PASSWORD')
  if (level === 2) return choices.includes('EMAIL_OTP') || choices.includes('SMS_OTP')
  if (level === 3 && choices.includes('WEB_AUTHN')) return true
  return choices.includes('PASSWORD') && secondsFor(signIn.call, signIn.pool, user, level).length > 0
}

function secondsFor(call: CognitoCall, pool: Pool, user: User, level: Level): Factor[] {
  return offered(call, pool).filter((factor) => SECONDS[level].includes(factor) && reaches(call, pool, user, factor))
}

/** A proof of the password, by whichever challenge. */
const isPassword = (proof: string) => METHODS[proof as ChallengeNameType] === 'pwd'

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

/** Whether a first proof is there already, from an access token, so that only the second is missing. */
export function hasFirst({ progress: { passed, target } }: SignIn): boolean {
  return target !== undefined && target > 2 && passed.some(isPassword)
}

/** The second factor that the target wants of somebody who proved a password: the preferred one of several. */
export function secondFor({ call, pool, user, progress: { target, passed } }: SignIn): Factor | undefined {
  if (target === undefined || user === undefined || !passed.some(isPassword)) return undefined
  const wanted = secondsFor(call, pool, user, target)
  if (wanted.some((factor) => passed.includes(factor))) return undefined
  return wanted.find((factor) => factor === user.PreferredMfaSetting) ?? wanted[0]
}

function methodsOf({ passed, authenticator = 'swk' }: Progress): string[] {
  const all = passed.map((proof) => (proof === 'WEB_AUTHN' ? authenticator : METHODS[proof])).filter((method) => method !== undefined)
  const methods = [...new Set(all)]
  return methods.length > 1 ? [...methods, 'mfa'] : methods
}

/** The highest level that is fully satisfied. */
function levelOf(progress: Progress): Level | undefined {
  const methods = methodsOf(progress)
  const has = (...wanted: string[]) => wanted.every((method) => methods.includes(method))
  if (has('pwd', 'otp')) return 4
  if (has('swk') || has('hwk') || has('pwd', 'sms') || has('pwd', 'email_otp')) return 3
  if (has('sms') || has('email_otp')) return 2
  return has('pwd') ? 1 : undefined
}

/** What tokens say of a sign-in for which a level was asked. */
export function assurance(pool: Pool, progress: Progress): { acr?: string | undefined; amr?: string[] } {
  if (progress.target === undefined) return {}
  const level = levelOf(progress)
  return { acr: level && acrLevels(pool)[`Level${level}`]?.AcrValue, amr: methodsOf(progress) }
}

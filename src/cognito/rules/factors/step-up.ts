import { peekToken } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { User } from '../../records.ts'
import type { Parameters, SignIn } from '../challenges/challenge.ts'
import { requireFeature } from '../pools/tier.ts'
import { type Factors, factorsIn, isPassword, knownLevels, levelOf } from '../sign-in/assurance.ts'
import type { Level } from '../sign-in/sessions.ts'
import { callerOf } from '../tokens/caller.ts'
import { choicesOf } from './first-factors.ts'
import type { Factor } from './mfa.ts'
import { secondsFor } from './targets.ts'

// (?) What is refused is documented (guide, step-up authentication with the USER_AUTH flow), the sentences are not.
const NEEDS_TARGET = 'ACCESS_TOKEN requires TARGET_ACR_VALUES.'
const UNKNOWN_LEVELS = 'TARGET_ACR_VALUES has no valid value.'
export const OUT_OF_REACH = 'The user has no factors configured that satisfy TARGET_ACR_VALUES.'
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
  const levels = knownLevels(pool, asked.split(' '))
  if (levels.length === 0) call.fail('InvalidParameterException', UNKNOWN_LEVELS)
  const known = token === undefined || user === undefined ? {} : credit(call, user, token, age === undefined ? undefined : Number(age))
  const aimed = aim({ ...signIn, progress: { ...progress, ...known } }, levels)
  if (token !== undefined && user !== undefined && hasReached(aimed)) call.fail('InvalidParameterException', REACHED)
  return aimed
}

/** How somebody may prove who they are: by anything that the pool has, or by a password first. */
export type Means = 'any' | 'password'

/** On the way to the first of these levels that the user can reach. */
export function aim(signIn: SignIn, levels: readonly Level[], means: Means = 'any'): SignIn {
  const { call, user, progress } = signIn
  // Somebody pretended fails later, like anybody who cannot prove a thing.
  const level = user === undefined ? levels[0] : levels.find((candidate) => isReachable(signIn, user, candidate, means))
  if (level === undefined) return call.fail('InvalidParameterException', OUT_OF_REACH)
  return { ...signIn, progress: { ...progress, target: level } }
}

export function hasReached({ progress }: SignIn): boolean {
  return progress.target !== undefined && (levelOf(progress) ?? 0) >= progress.target
}

/** What the token's `amr` says was proven, unless that is longer ago than is asked for. */
function credit(call: CognitoCall, user: User, token: string, age: number | undefined): Factors {
  const caller = callerOf(call, token)
  if (caller.user.sub !== user.sub) call.fail('NotAuthorizedException', OTHER_USER)
  if (age !== undefined && call.seconds - caller.login.authTime > age) return { passed: [] }
  return factorsIn((peekToken(token)?.amr as string[] | undefined) ?? [])
}

type Somebody = Pick<SignIn, 'call' | 'pool'>

function isReachable({ call, pool }: Somebody, user: User, level: Level, means: Means): boolean {
  // What anybody may begin with, whatever is being aimed at.
  const choices = means === 'password' ? ['PASSWORD'] : choicesOf({ call, pool, user })
  if (level === 1) return choices.includes('PASSWORD')
  if (level === 2) return choices.includes('EMAIL_OTP') || choices.includes('SMS_OTP')
  if (level === 3 && choices.includes('WEB_AUTHN')) return true
  return choices.includes('PASSWORD') && secondsFor(call, pool, user, level).length > 0
}

/** Whether a first proof is there already, from an access token or a session of the pages, so that only the second is missing. */
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

/** Whether what was proven is as strong as the first of these levels that the user has the means for. */
export function isEnough(at: Somebody, user: User, proof: Factors, levels: readonly Level[]): boolean {
  const reached = levelOf(proof) ?? 0
  const level = levels.find((candidate) => reached >= candidate || isReachable(at, user, candidate, 'any'))
  return level !== undefined && reached >= level
}

export function isInReach(at: Somebody, user: User, levels: readonly Level[]): boolean {
  return levels.some((level) => isReachable(at, user, level, 'any'))
}

/** What whoever is let in without a proof counts as having proven: all that the first level in reach takes. */
export function assumed({ call, pool }: Somebody, user: User, levels: readonly Level[]): Factors {
  const level = levels.find((candidate) => isReachable({ call, pool }, user, candidate, 'any'))
  if (level === undefined) return call.fail('InvalidParameterException', OUT_OF_REACH)
  const choices = choicesOf({ call, pool, user })
  if (level === 2) return { passed: [choices.includes('EMAIL_OTP') ? 'EMAIL_OTP' : 'SMS_OTP'] }
  if (level === 3 && choices.includes('WEB_AUTHN')) return { passed: ['WEB_AUTHN'] }
  return { passed: ['PASSWORD', ...secondsFor(call, pool, user, level).slice(0, 1)] }
}

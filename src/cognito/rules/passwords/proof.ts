import type { CognitoCall } from '../../call.ts'
import { type Client, type Pool, passwords, type User } from '../../records.ts'
import { type Outcome, passed, type SignIn } from '../challenges/challenge.ts'
import type { Opening } from '../flows/flow.ts'
import { hidesExistence } from '../messages/deliveries.ts'
import { countFailure, requireUnlocked } from '../sign-in/lock-out.ts'
import { RESET, recordFailure, refuseCompromised, requireSafePassword } from '../threats/threats.ts'
import { migrate } from '../triggers/migration.ts'
import { preAuthentication } from '../triggers/sign-in.ts'
import { find } from '../users/users.ts'
import { checkPassword, expired } from './passwords.ts'

export const WRONG = 'Incorrect username or password.'

/** The first request of a sign-in, with who it is about, if there is such a user. */
export function signInOf(opening: Opening, username: string, user: User | undefined): SignIn {
  const { call, pool, client, flow, metadata, parameters } = opening
  const progress = { flow, username, sub: user?.sub ?? '', passed: [], device: parameters.DEVICE_KEY }
  return { call, pool, client, user, progress, metadata }
}

/** The user of that name; undefined for nobody where the client hides it, else the refusal (L2). */
export function lookUp(call: CognitoCall, pool: Pool, client: Client, username: string): User | undefined {
  const user = find(call, pool, username)
  if (user === undefined && !hidesExistence(client)) call.fail('UserNotFoundException', 'User does not exist.')
  return user
}

/** What USER_PASSWORD_AUTH and its administrator's form do: the user, the password, the status, in this order (L1). */
export function signInByPassword(opening: Opening): Outcome {
  const { call, pool, client, parameters } = opening
  const { USERNAME: username = '', PASSWORD: password = '' } = parameters
  migrate(call, { pool, client, username, password, metadata: opening.metadata })
  const found = lookUp(call, pool, client, username)
  preAuthentication(opening, username, found)
  const user = found ?? refuseStranger(call, pool, username)
  provePassword(call, pool, client, user, password)
  return { signIn: passed(signInOf(opening, username, user), 'PASSWORD') }
}

/** Refuses a wrong password and counts it; a right one of somebody who may not come in is refused for that (cognito-facts 113). */
export function provePassword(call: CognitoCall, pool: Pool, client: Client, user: User, password: string): void {
  requireUnlocked(call, pool, user)
  requirePasswordOf(call, pool, client, user)
  if (!checkPassword(call, pool, user, password)) refuseWrong(call, pool, user)
  requireSafePassword(call, { pool, client, user }, password, 'SIGN_IN')
  requireMaySignIn(call, pool, user)
}

/** Counts and remembers a wrong password, or proof of one, and refuses it. */
export function refuseWrong(call: CognitoCall, pool: Pool, user: User): never {
  recordFailure(call, pool, user, {
    EventType: 'SignIn',
    ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
  })
  countFailure(call, pool, user)
  call.note({ rule: 'the password, or the proof of it, is wrong' })
  return call.fail('NotAuthorizedException', WRONG)
}

/** The same for a name that nobody bears, where the client hides it. */
export function refuseStranger(call: CognitoCall, pool: Pool, username: string): never {
  requireUnlocked(call, pool, username)
  countFailure(call, pool, username)
  call.note({ rule: 'there is no such user, which the client hides' })
  return call.fail('NotAuthorizedException', WRONG)
}

/** Imported users have no password yet: who may know that they exist is told to reset it (L3, cognito-facts 112). */
export function requirePasswordOf(call: CognitoCall, pool: Pool, client: Client, user: User): void {
  if (passwords.get(call, pool.Id, user.sub) !== undefined) return
  if (user.UserStatus === 'RESET_REQUIRED' && !hidesExistence(client)) call.fail('PasswordResetRequiredException', RESET)
  refuseWrong(call, pool, user)
}

/** Refuses who is known but may not come in (L3, L4). */
export function requireMaySignIn(call: CognitoCall, pool: Pool, user: User): void {
  if (!user.Enabled) call.fail('NotAuthorizedException', 'User is disabled.')
  if (user.UserStatus === 'UNCONFIRMED') call.fail('UserNotConfirmedException', 'User is not confirmed.')
  if (user.UserStatus === 'RESET_REQUIRED') call.fail('PasswordResetRequiredException', RESET)
  if (user.UserStatus === 'COMPROMISED') refuseCompromised(call)
  const password = passwords.get(call, pool.Id, user.sub)
  if (password !== undefined && user.UserStatus === 'FORCE_CHANGE_PASSWORD' && expired(call, pool, password)) {
    call.fail('NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.')
  }
}

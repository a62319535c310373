import type { CognitoCall } from '../../call.ts'
import type { ChallengeNameType } from '../../contract/types.ts'
import { type Client, type Pool, type User, users } from '../../records.ts'
import type { Outcome, SignIn } from '../challenges/challenge.ts'
import { aim, hasFirst, hasReached, type Means } from '../factors/step-up.ts'
import { userAuth } from '../flows/user-auth.ts'
import { userPassword } from '../flows/user-password.ts'
import { requireMaySignIn, signInOf } from '../passwords/proof.ts'
import { assess, recordSignIn } from '../threats/threats.ts'
import { postAuthentication, preAuthentication } from '../triggers/sign-in.ts'
import { find } from '../users/users.ts'
import type { Factors } from './assurance.ts'
import { INVALID_SESSION, type Level } from './sessions.ts'
import { type Answer, lead, proceed } from './sign-in.ts'

/**
 * The engine of sign-in as the pages drive it: without the secret of the client and whatever flows it allows its own programs, for the
 * pages are the service's. Nothing is known of devices here: whoever signs in at a page has none to show.
 */
interface Doorway {
  pool: Pool
  client: Client
}

interface Arrived {
  arrived: User
  /** What they have proven. */
  proof: Factors
}

/** Who has arrived, or the challenge that comes first. */
export type PageStep = Arrived | { challenge: Answer }

/** The levels of authentication that a request asks for; undefined where it asks for none. */
type Levels = readonly Level[] | undefined

export function beginWithPassword(call: CognitoCall, door: Doorway, username: string, password: string, levels: Levels): PageStep {
  return start(call, door, userPassword, { USERNAME: username, PASSWORD: password }, (signIn) => towards(signIn, levels, 'password'))
}

/** By name alone: what proves it is chosen next. */
export function beginWithName(call: CognitoCall, door: Doorway, username: string, levels: Levels): PageStep {
  return start(call, door, userAuth, { USERNAME: username }, (signIn) => towards(signIn, levels, 'any'))
}

function towards(signIn: SignIn, levels: Levels, means: Means): SignIn {
  return levels === undefined ? signIn : aim(signIn, levels, means)
}

/** On from what somebody has proven before: only what is missing is asked for (guide, step-up authentication). */
export function stepFurther(
  call: CognitoCall,
  { pool, client }: Doorway,
  user: User,
  { proof, levels, means }: { proof: Factors; levels: readonly Level[]; means: Means },
): PageStep {
  const opening = { call, pool, client, flow: 'USER_AUTH' as const, parameters: {}, metadata: {}, session: undefined }
  preAuthentication(opening, user.Username, user)
  requireMaySignIn(call, pool, user)
  const known = signInOf(opening, user.Username, user)
  const signIn = aim({ ...known, progress: { ...known.progress, ...proof } }, levels, means)
  if (hasReached(signIn)) return { arrived: user, proof }
  return step(lead(call, hasFirst(signIn) ? { signIn } : { signIn, challenge: 'SELECT_CHALLENGE' }, arrive))
}

function start(
  call: CognitoCall,
  { pool, client }: Doorway,
  flow: typeof userPassword,
  parameters: Readonly<Record<string, string>>,
  aimed: (signIn: SignIn) => SignIn,
): PageStep {
  const risk = assess(call, { pool, client }, parameters.USERNAME, {})
  const [name = 'USER_PASSWORD_AUTH'] = flow.names
  const outcome = flow.start({ call, pool, client, flow: name, parameters, metadata: {}, session: undefined })
  if (!('signIn' in outcome)) return step(lead(call, outcome, arrive))
  const signIn = aimed(outcome.signIn)
  const progress = risk === undefined ? signIn.progress : { ...signIn.progress, risk }
  return step(lead(call, { ...outcome, signIn: { ...signIn, progress } } satisfies Outcome, arrive))
}

export function goOn(
  call: CognitoCall,
  { pool, client }: Doorway,
  answer: { challenge: ChallengeNameType; session: string; username: string; responses: Record<string, string> },
): PageStep {
  const input = {
    ChallengeName: answer.challenge,
    Session: answer.session,
    ChallengeResponses: { USERNAME: answer.username, ...answer.responses },
  }
  return step(proceed(call, { pool, client }, input, arrive))
}

/** Somebody whom whoever runs the emulator lets in without a proof. Whoever may not sign in stays out all the same. */
export function admitAtOnce(call: CognitoCall, { pool, client }: Doorway, username: string): User {
  const user = find(call, pool, username) ?? call.fail('UserNotFoundException', 'User does not exist.')
  requireMaySignIn(call, pool, user)
  postAuthentication({ call, pool, client, metadata: {} }, user, { newDeviceUsed: false })
  return user
}

function arrive(signIn: SignIn): Arrived {
  const { call, pool, client, progress } = signIn
  const { user } = signIn
  // Nobody gets here: every challenge refuses a user who is only pretended.
  if (user === undefined) return call.fail('NotAuthorizedException', INVALID_SESSION)
  postAuthentication(signIn, user, { newDeviceUsed: false })
  recordSignIn(call, { pool, client, user }, progress)
  const { passed, authenticator } = progress
  return {
    arrived: users.get(call, pool.Id, user.sub) ?? user,
    proof: { passed, ...(authenticator === undefined ? {} : { authenticator }) },
  }
}

function step(led: Answer | Arrived): PageStep {
  return 'arrived' in led ? led : { challenge: led }
}

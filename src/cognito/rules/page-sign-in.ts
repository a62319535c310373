import type { ChallengeNameType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import { type Client, type Pool, type User, users } from '../records.ts'
import type { SignIn } from './challenges/challenge.ts'
import { userAuth } from './flows/user-auth.ts'
import { userPassword } from './flows/user-password.ts'
import { requireMaySignIn } from './password-proof.ts'
import { INVALID_SESSION } from './sessions.ts'
import { type Answer, lead, proceed } from './sign-in.ts'
import { assess, recordSignIn } from './threats.ts'
import { postAuthentication } from './triggers/sign-in.ts'
import { find } from './users.ts'

/**
 * The engine of sign-in as the pages drive it: without the secret of the client and whatever flows it allows its own programs, for the
 * pages are the service's. Nothing is known of devices here: whoever signs in at a page has none to show.
 */
interface Doorway {
  pool: Pool
  client: Client
}

/** Who has arrived, or the challenge that comes first. */
export type PageStep = { arrived: User } | { challenge: Answer }

export function beginWithPassword(call: CognitoCall, door: Doorway, username: string, password: string): PageStep {
  return start(call, door, userPassword, { USERNAME: username, PASSWORD: password })
}

/** By name alone: what proves it is chosen next. */
export function beginWithName(call: CognitoCall, door: Doorway, username: string): PageStep {
  return start(call, door, userAuth, { USERNAME: username })
}

function start(
  call: CognitoCall,
  { pool, client }: Doorway,
  flow: typeof userPassword,
  parameters: Readonly<Record<string, string>>,
): PageStep {
  const risk = assess(call, { pool, client }, parameters.USERNAME, {})
  const [name = 'USER_PASSWORD_AUTH'] = flow.names
  const outcome = flow.start({ call, pool, client, flow: name, parameters, metadata: {}, session: undefined })
  if (!('signIn' in outcome) || risk === undefined) return step(lead(call, outcome, arrive))
  const { signIn } = outcome
  return step(lead(call, { ...outcome, signIn: { ...signIn, progress: { ...signIn.progress, risk } } }, arrive))
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

function arrive(signIn: SignIn): { arrived: User } {
  const { call, pool, client, progress } = signIn
  const { user } = signIn
  // Nobody gets here: every challenge refuses a user who is only pretended.
  if (user === undefined) return call.fail('NotAuthorizedException', INVALID_SESSION)
  postAuthentication(signIn, user, { newDeviceUsed: false })
  recordSignIn(call, { pool, client, user }, progress)
  return { arrived: users.get(call, pool.Id, user.sub) ?? user }
}

function step(led: Answer | { arrived: User }): PageStep {
  return 'arrived' in led ? led : { challenge: led }
}

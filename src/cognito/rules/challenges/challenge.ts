import type { CognitoCall } from '../../call.ts'
import type { AuthenticationResultType, ChallengeNameType } from '../../contract/types.ts'
import type { Client, Pool, User } from '../../records.ts'
import type { Progress } from '../sign-in/sessions.ts'

/** Somebody on the way in. */
export interface SignIn {
  call: CognitoCall
  pool: Pool
  client: Client
  /** Undefined for a user who does not exist and must not be seen not to (PreventUserExistenceErrors). */
  user: User | undefined
  progress: Progress
  /** ClientMetadata of this request, for triggers. */
  metadata: Readonly<Record<string, string>>
}

/** What the client sent: AuthParameters or ChallengeResponses. */
export type Parameters = Readonly<Record<string, string>>

/** Where a flow or a passed challenge leads. */
export type Outcome =
  /** Whatever the engine finds is due: a challenge or tokens. */
  | { signIn: SignIn }
  /** This challenge, made from `given`. */
  | { signIn: SignIn; challenge: ChallengeNameType; given?: Parameters }
  /** Done, by other means than a new sign-in. */
  | { result: AuthenticationResultType }

export interface Asked<State> {
  /** Shown to the client, all texts. */
  parameters: Record<string, string>
  /** Kept for the check. */
  state: State
  available?: ChallengeNameType[]
}

/** One kind of question put to somebody on the way in, and how its answer is judged. One file each in this folder. */
// biome-ignore lint/suspicious/noExplicitAny: of some challenge; which one decides its state.
export interface Challenge<State = any> {
  name: ChallengeNameType
  ask(signIn: SignIn, given: Parameters): Asked<State>
  /**
   * Refuses, or says where it goes on. After a refusal the session may be answered again, unless `burn` was called: then it ends
   * with this call.
   */
  check(signIn: SignIn, responses: Parameters, state: State, burn: () => void): Outcome
  /** The response members it cannot do without, in order. */
  requires: readonly string[]
  /** Its session is found by SECRET_BLOCK, with or without its text (L13). */
  byBlock?: true
}

/** The sign-in with one more thing proven. */
export function passed(signIn: SignIn, name: ChallengeNameType, user: User | undefined = signIn.user): SignIn {
  return { ...signIn, user, progress: { ...signIn.progress, passed: [...signIn.progress.passed, name] } }
}

import type { CognitoCall } from '../../call.ts'
import type { AuthFlowType, ExplicitAuthFlowsType } from '../../contract/types.ts'
import type { Client, Pool } from '../../records.ts'
import type { Outcome, Parameters } from '../challenges/challenge.ts'

/** The first request of a sign-in. */
export interface Opening {
  call: CognitoCall
  pool: Pool
  client: Client
  flow: AuthFlowType
  parameters: Parameters
  metadata: Readonly<Record<string, string>>
  /** From ConfirmSignUp, for USER_AUTH. */
  session: string | undefined
}

/** One way to begin a sign-in. One file each in this folder. */
export interface Flow {
  names: readonly AuthFlowType[]
  /** What the client must allow. */
  permission: ExplicitAuthFlowsType
  /** What InitiateAuth says if the client does not. */
  off: string
  adminOnly?: true
  /** The parameters it cannot do without, in order. */
  requires: readonly string[]
  /** The name that a secret hash in this request is made over is not USERNAME, and `start` checks it. */
  ownSecretHash?: true
  start(opening: Opening): Outcome
}

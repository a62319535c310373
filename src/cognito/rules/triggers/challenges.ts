import type { SignIn } from '../challenges/challenge.ts'
import { attributesOf, existence, told, trigger } from './triggers.ts'

/** What has happened in a custom sign-in so far, as its functions are told. */
export interface Round {
  challengeName: string
  challengeResult: boolean
  challengeMetadata?: string
}

type Texts = Record<string, string>

interface Defined {
  challengeName?: string | null
  issueTokens?: boolean | null
  failAuthentication?: boolean | null
}

interface Created {
  publicChallengeParameters?: Texts | null
  privateChallengeParameters?: Texts | null
  challengeMetadata?: string | null
}

/** What comes next: a challenge, tokens, or the end (L24). Undefined where the pool has no such function; so with the other two. */
export function defineAuthChallenge(signIn: SignIn, session: readonly Round[]): Defined | undefined {
  const { call, pool } = signIn
  return trigger<Defined>(call, pool, 'DefineAuthChallenge', 'DefineAuthChallenge_Authentication', {
    ...about(signIn, { session }),
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
    form: { members: { challengeName: 'text', issueTokens: 'flag', failAuthentication: 'flag' } },
    about: String(session.length),
  })
}

/** The question: what the client sees of it, and what only the check will (cognito-facts 178). */
export function createAuthChallenge(signIn: SignIn, challengeName: string, session: readonly Round[]): Created | undefined {
  const { call, pool } = signIn
  return trigger<Created>(call, pool, 'CreateAuthChallenge', 'CreateAuthChallenge_Authentication', {
    ...about(signIn, { challengeName, session }),
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
    form: {
      members: { publicChallengeParameters: { map: 'text' }, privateChallengeParameters: { map: 'text' }, challengeMetadata: 'text' },
    },
  })
}

export function verifyAuthChallengeResponse(
  signIn: SignIn,
  challenge: { privateChallengeParameters: Texts; challengeAnswer: string },
): { answerCorrect?: boolean | null } | undefined {
  const { call, pool } = signIn
  return trigger(call, pool, 'VerifyAuthChallengeResponse', 'VerifyAuthChallengeResponse_Authentication', {
    ...about(signIn, challenge),
    response: { answerCorrect: null },
    form: { members: { answerCorrect: 'flag' } },
  })
}

function about({ client, user, progress, metadata }: SignIn, request: Record<string, unknown>) {
  return {
    userName: user?.Username ?? progress.username,
    clientId: client.ClientId,
    request: {
      userAttributes: user === undefined ? {} : attributesOf(user),
      ...request,
      ...told(metadata),
      ...existence(client, user),
    },
  }
}

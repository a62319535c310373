import { decide, NO_TRIGGER } from '../sign-in/custom-auth.ts'
import { createAuthChallenge, verifyAuthChallengeResponse } from '../triggers/challenges.ts'
import { type Challenge, passed } from './challenge.ts'

/** What only the check sees. */
interface Secret {
  parameters: Record<string, string>
  metadata: string | null
}

/** A question of the pool's own functions (L24). */
export const customChallenge: Challenge<Secret> = {
  name: 'CUSTOM_CHALLENGE',
  requires: ['ANSWER'],
  ask(signIn) {
    const { call, user, progress } = signIn
    const created =
      createAuthChallenge(signIn, 'CUSTOM_CHALLENGE', progress.rounds ?? []) ?? call.fail('InvalidParameterException', NO_TRIGGER)
    return {
      parameters: { ...created.publicChallengeParameters, USERNAME: user?.Username ?? progress.username },
      state: { parameters: created.privateChallengeParameters ?? {}, metadata: created.challengeMetadata ?? null },
    }
  },
  check(signIn, { ANSWER = '' }, { parameters, metadata }, burn) {
    // Whatever it is refused for, the answer is not given twice.
    burn()
    const { call, progress } = signIn
    const verified =
      verifyAuthChallengeResponse(signIn, { privateChallengeParameters: parameters, challengeAnswer: ANSWER }) ??
      call.fail('InvalidParameterException', NO_TRIGGER)
    const round = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: verified.answerCorrect === true,
      ...(metadata === null ? {} : { challengeMetadata: metadata }),
    }
    const answered = { ...signIn, progress: { ...progress, rounds: [...(progress.rounds ?? []), round] } }
    return decide(round.challengeResult ? passed(answered, 'CUSTOM_CHALLENGE') : answered)
  },
}

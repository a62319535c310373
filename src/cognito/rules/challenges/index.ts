import type { ChallengeNameType } from '../../contract/types.ts'
import type { CognitoCall } from '../../operation.ts'
import type { Challenge } from './challenge.ts'
import { customChallenge } from './custom-challenge.ts'
import { newPasswordRequired } from './new-password-required.ts'
import { passwordVerifier } from './password-verifier.ts'

const challenges: readonly Challenge[] = [passwordVerifier, newPasswordRequired, customChallenge]

export function challengeOf(call: CognitoCall, name: ChallengeNameType): Challenge {
  return (
    challenges.find((challenge) => challenge.name === name) ??
    call.fail('NotImplementedException', `Poolhouse does not implement the challenge ${name} yet.`)
  )
}

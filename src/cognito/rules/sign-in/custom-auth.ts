import type { Outcome, SignIn } from '../challenges/challenge.ts'
import { WRONG } from '../passwords/proof.ts'
import { defineAuthChallenge, type Round } from '../triggers/challenges.ts'

export const NO_TRIGGER = 'Custom auth lambda trigger is not configured for the user pool.'

/** (?) Of a function that asks for what cannot be asked then. */
const NO_SUCH_CHALLENGE = 'Unrecognizable lambda output'

/** Whether the pool's function has yet to say where this sign-in goes, now that the engine has nothing more to ask. */
export function isUndecided({ progress }: SignIn): boolean {
  return progress.flow === 'CUSTOM_AUTH' && progress.decided !== true
}

/** Has the pool's function say what comes next in a custom sign-in (L24, L25). `srpA` is the client's public number, at the first step. */
export function decide(signIn: SignIn, srpA?: string): Outcome {
  const { call, user, progress } = signIn
  const rounds = roundsOf(signIn)
  const said = defineAuthChallenge(signIn, rounds) ?? call.fail('InvalidParameterException', NO_TRIGGER)
  const next: SignIn = { ...signIn, progress: { ...progress, rounds } }

  if (said.failAuthentication === true) return call.fail('NotAuthorizedException', WRONG)
  if (said.issueTokens === true) {
    if (user === undefined) return call.fail('NotAuthorizedException', WRONG)
    // Nothing else is due then, a new password in the place of a temporary one neither (seen in amplify-js#3061).
    return { signIn: { ...next, progress: { ...next.progress, decided: true } } }
  }
  switch (said.challengeName ?? '') {
    case 'CUSTOM_CHALLENGE':
      return { signIn: next, challenge: 'CUSTOM_CHALLENGE' }
    case 'PASSWORD_VERIFIER':
      if (srpA === undefined) return call.fail('InvalidLambdaResponseException', NO_SUCH_CHALLENGE)
      return { signIn: next, challenge: 'PASSWORD_VERIFIER', given: { SRP_A: srpA } }
    case '':
      return call.fail('NotAuthorizedException', WRONG)
    default:
      return call.fail('InvalidLambdaResponseException', NO_SUCH_CHALLENGE)
  }
}

/** What happened so far, the engine's own challenges included where they came. */
function roundsOf({ progress: { rounds = [], passed } }: SignIn): Round[] {
  const known = new Set(rounds.map(({ challengeName }) => challengeName))
  const others = passed.filter((name) => name !== 'CUSTOM_CHALLENGE' && !known.has(name))
  return [...rounds, ...others.map((challengeName) => ({ challengeName, challengeResult: true }))]
}

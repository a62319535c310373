import { type Choice, choicesOf, choose } from '../factors/first-factors.ts'
import { requestOptions } from '../factors/passkeys.ts'
import { watchProof } from '../threats/threats.ts'
import type { Challenge } from './challenge.ts'
import { withPasskey } from './web-authn.ts'

/** (?) That a passkey's options come with the list already: it could not come along with the choice otherwise (cognito-facts 131). */
const OPTIONS = 'CREDENTIAL_REQUEST_OPTIONS'

/** (?) For a choice that was not offered. */
const NOT_OFFERED = 'Selected challenge is not available'

interface Offer {
  choices: Choice[]
  /** What a passkey that comes along with the choice must have signed. */
  challenge?: string
}

/** The list to choose the first factor from; the answer may bring the proof along (L19, L21). */
export const selectChallenge: Challenge<Offer> = {
  name: 'SELECT_CHALLENGE',
  requires: ['ANSWER'],
  ask(signIn) {
    const { call, pool, user } = signIn
    const choices = choicesOf(signIn)
    if (user === undefined || !choices.includes('WEB_AUTHN')) return { parameters: {}, state: { choices }, available: choices }
    const { text, challenge } = requestOptions(call, pool, user)
    return { parameters: { [OPTIONS]: text }, state: { choices, challenge }, available: choices }
  },
  check(signIn, responses, { choices, challenge }, burn) {
    const choice = choices.find((one) => one === responses.ANSWER) ?? signIn.call.fail('InvalidParameterException', NOT_OFFERED)
    if (choice === 'WEB_AUTHN' && challenge !== undefined && responses.CREDENTIAL !== undefined) {
      watchProof(signIn.call, signIn.pool, signIn.user, 'WEB_AUTHN')
      return withPasskey(signIn, responses.CREDENTIAL, challenge, burn)
    }
    return choose(signIn, choice, responses)
  },
}

import { type Choice, choicesOf, choose } from '../first-factors.ts'
import type { Challenge } from './challenge.ts'

/** (?) For a choice that was not offered. */
const NOT_OFFERED = 'Selected challenge is not available'

/** The list to choose the first factor from; the answer may bring the proof along (L19, L21). */
export const selectChallenge: Challenge<Choice[]> = {
  name: 'SELECT_CHALLENGE',
  requires: ['ANSWER'],
  ask(signIn) {
    const choices = choicesOf(signIn)
    return { parameters: {}, state: choices, available: choices }
  },
  check(signIn, responses, choices) {
    const choice = choices.find((one) => one === responses.ANSWER) ?? signIn.call.fail('InvalidParameterException', NOT_OFFERED)
    return choose(signIn, choice, responses)
  },
}

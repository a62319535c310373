import { withPassword } from '../factors/first-factors.ts'
import type { Challenge } from './challenge.ts'

/** A chosen password that did not come with the choice (cognito-facts 131). */
export const password: Challenge<null> = {
  name: 'PASSWORD',
  requires: ['PASSWORD'],
  ask: () => ({ parameters: {}, state: null }),
  check: (signIn, responses) => withPassword(signIn, responses.PASSWORD ?? ''),
}

export const passwordSrp: Challenge<null> = {
  name: 'PASSWORD_SRP',
  requires: ['SRP_A'],
  ask: () => ({ parameters: {}, state: null }),
  check: (signIn, responses) => ({ signIn, challenge: 'PASSWORD_VERIFIER', given: responses }),
}

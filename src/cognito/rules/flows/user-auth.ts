import { passed } from '../challenges/challenge.ts'
import { choicesOf, choose } from '../factors/first-factors.ts'
import { hasFirst, stepUp } from '../factors/step-up.ts'
import { lookUp, requireMaySignIn, signInOf } from '../passwords/proof.ts'
import { requireFeature } from '../pools/tier.ts'
import { INVALID_SESSION } from '../sign-in/sessions.ts'
import { useSignUp } from '../sign-in/sign-up-session.ts'
import { migrate } from '../triggers/migration.ts'
import { preAuthentication } from '../triggers/sign-in.ts'
import type { Flow } from './flow.ts'

/** Sign-in by choice: the preferred factor if it is possible, else the list to choose from (L19). */
export const userAuth: Flow = {
  names: ['USER_AUTH'],
  permission: 'ALLOW_USER_AUTH',
  // (?) Worded like SRP's (L6 has no text for it).
  off: 'USER_AUTH is not enabled for the client.',
  requires: ['USERNAME'],
  start(opening) {
    const { call, pool, client, parameters, session } = opening
    requireFeature(call, pool, 'ESSENTIALS', 'Choice-based sign-in')
    const { USERNAME: username = '', PASSWORD: password } = parameters
    if (password !== undefined) migrate(call, { pool, client, username, password, metadata: opening.metadata })
    const user = lookUp(call, pool, client, username)
    preAuthentication(opening, username, user)
    const signIn = stepUp(signInOf(opening, username, user), parameters)

    if (session !== undefined) {
      // Who just confirmed the sign-up needs no other proof (S17).
      if (user === undefined) return call.fail('NotAuthorizedException', INVALID_SESSION)
      useSignUp(call, pool, client, user, session)
      requireMaySignIn(call, pool, user)
      return { signIn: passed(signIn, 'EMAIL_OTP') }
    }
    if (hasFirst(signIn)) return { signIn }
    const preferred = choicesOf(signIn).find((choice) => choice === parameters.PREFERRED_CHALLENGE)
    return preferred === undefined ? { signIn, challenge: 'SELECT_CHALLENGE' } : choose(signIn, preferred, parameters)
  },
}

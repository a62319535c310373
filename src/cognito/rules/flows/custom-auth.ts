import { lookUp, requireMaySignIn, signInOf } from '../passwords/proof.ts'
import { decide, NO_TRIGGER } from '../sign-in/custom-auth.ts'
import { preAuthentication } from '../triggers/sign-in.ts'
import type { Flow } from './flow.ts'

/** The pool's own functions define, put and judge the challenges, perhaps after SRP (L24, L25). */
export const customAuth: Flow = {
  names: ['CUSTOM_AUTH'],
  permission: 'ALLOW_CUSTOM_AUTH',
  off: 'CUSTOM_AUTH is not enabled for the client.',
  requires: ['USERNAME'],
  start(opening) {
    const { call, pool, client, parameters } = opening
    const { USERNAME: username = '', CHALLENGE_NAME: first, SRP_A } = parameters
    if (pool.LambdaConfig?.DefineAuthChallenge === undefined) call.fail('InvalidParameterException', NO_TRIGGER)
    if (first === 'SRP_A' && SRP_A === undefined) call.fail('InvalidParameterException', 'Missing required parameter SRP_A')
    const user = lookUp(call, pool, client, username)
    preAuthentication(opening, username, user)
    if (user !== undefined) requireMaySignIn(call, pool, user)

    const signIn = signInOf(opening, username, user)
    const rounds = first === 'SRP_A' ? [{ challengeName: 'SRP_A', challengeResult: true }] : []
    // What comes with this request is not for the functions of the challenges (H6).
    return decide({ ...signIn, metadata: {}, progress: { ...signIn.progress, rounds } }, SRP_A)
  },
}

import { lookUp, signInOf } from '../passwords/proof.ts'
import { preAuthentication } from '../triggers/sign-in.ts'
import type { Flow } from './flow.ts'

/** The password is never sent: SRP in two steps, of which the challenge is the second. */
export const userSrp: Flow = {
  names: ['USER_SRP_AUTH'],
  permission: 'ALLOW_USER_SRP_AUTH',
  off: 'USER_SRP_AUTH is not enabled for the client.',
  requires: ['USERNAME', 'SRP_A'],
  start(opening) {
    const { call, pool, client, parameters } = opening
    const { USERNAME: username = '' } = parameters
    const user = lookUp(call, pool, client, username)
    preAuthentication(opening, username, user)
    return { signIn: signInOf(opening, username, user), challenge: 'PASSWORD_VERIFIER', given: parameters }
  },
}

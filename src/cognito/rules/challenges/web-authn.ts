import { flawOf, isRoaming, requestOptions } from '../factors/passkeys.ts'
import { requireMaySignIn, WRONG } from '../passwords/proof.ts'
import { type Challenge, type Outcome, passed, type SignIn } from './challenge.ts'

/** A passkey signs a challenge (L23). */
export const webAuthn: Challenge<string> = {
  name: 'WEB_AUTHN',
  requires: ['CREDENTIAL'],
  ask({ call, pool, user }) {
    // Nobody without passkeys is asked for one: they are offered to who has them.
    if (user === undefined) return call.fail('NotAuthorizedException', WRONG)
    const { text, challenge } = requestOptions(call, pool, user)
    return { parameters: { CREDENTIAL_REQUEST_OPTIONS: text }, state: challenge }
  },
  check: (signIn, responses, challenge, burn) => withPasskey(signIn, responses.CREDENTIAL ?? '', challenge, burn),
}

/** (?) The service's words for a passkey that shows nothing are not known; those of a wrong password tell nobody anything. */
export function withPasskey(signIn: SignIn, credential: string, challenge: string, burn: () => void): Outcome {
  const { call, pool, user } = signIn
  if (user === undefined) return call.fail('NotAuthorizedException', WRONG)
  burn()
  const flaw = flawOf(call, pool, user, credential, challenge)
  if (flaw !== undefined) {
    call.note({ passkey: flaw })
    return call.fail('NotAuthorizedException', WRONG)
  }
  requireMaySignIn(call, pool, user)
  const proven = passed(signIn, 'WEB_AUTHN')
  const authenticator = isRoaming(call, pool, user, credential) ? 'hwk' : 'swk'
  return { signIn: { ...proven, progress: { ...proven.progress, authenticator } } }
}

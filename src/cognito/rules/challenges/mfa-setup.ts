import type { User } from '../../records.ts'
import { offered, turnOn } from '../factors/mfa.ts'
import { type Challenge, passed } from './challenge.ts'
import { NO_TOKEN } from './software-token-mfa.ts'

/** What AssociateSoftwareToken and VerifySoftwareToken do to the session in between. */
export interface SetUp {
  verified: boolean
}

/** The pool demands a second factor and the user has none: the session leads through setting up an app, and on (M1, M9). */
export const mfaSetup: Challenge<SetUp> = {
  name: 'MFA_SETUP',
  requires: [],
  ask({ call, pool, user }) {
    return {
      parameters: { MFAS_CAN_SETUP: JSON.stringify(offered(call, pool)), USER_ID_FOR_SRP: (user as User).Username },
      state: { verified: false },
    }
  },
  check(signIn, _responses, { verified }) {
    const { call, pool, user } = signIn
    if (!verified) call.fail('SoftwareTokenMFANotFoundException', NO_TOKEN)
    return { signIn: passed(signIn, 'MFA_SETUP', turnOn(call, pool, user as User, 'SOFTWARE_TOKEN_MFA')) }
  },
}

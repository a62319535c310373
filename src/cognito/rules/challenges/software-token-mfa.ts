import type { User } from '../../records.ts'
import { softwareToken, useCode } from '../factors/totp.ts'
import { countFailure, requireUnlocked } from '../sign-in/lock-out.ts'
import { type Challenge, passed } from './challenge.ts'

export const NO_TOKEN = 'Software Token MFA does not exist for the user.'

/** A code of the user's authenticator app, which works once (M4). */
export const softwareTokenMfa: Challenge<null> = {
  name: 'SOFTWARE_TOKEN_MFA',
  requires: ['SOFTWARE_TOKEN_MFA_CODE'],
  ask({ call, pool, user }) {
    const name = softwareToken(call, pool, user as User)?.name
    const parameters = { USER_ID_FOR_SRP: (user as User).Username }
    return { parameters: name === undefined ? parameters : { FRIENDLY_DEVICE_NAME: name, ...parameters }, state: null }
  },
  check(signIn, responses) {
    const { call, pool } = signIn
    const user = signIn.user as User
    const token = softwareToken(call, pool, user) ?? call.fail('SoftwareTokenMFANotFoundException', NO_TOKEN)
    requireUnlocked(call, pool, user)
    const found = useCode(call, pool, user, token, responses.SOFTWARE_TOKEN_MFA_CODE ?? '')
    if (found !== 'right') countFailure(call, pool, user)
    if (found === 'wrong') call.fail('CodeMismatchException', 'Invalid code received for user')
    if (found === 'used') call.fail('ExpiredCodeException', 'Your software token has already been used once.')
    return { signIn: passed(signIn, 'SOFTWARE_TOKEN_MFA') }
  },
}

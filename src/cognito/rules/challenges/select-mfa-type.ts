import type { User } from '../../records.ts'
import { type Factor, factorsOf } from '../factors/mfa.ts'
import { softwareToken } from '../factors/totp.ts'
import { type Challenge, passed } from './challenge.ts'

/** (?) For a choice that was not offered. */
const NOT_OFFERED = 'Invalid answer to the SELECT_MFA_TYPE challenge'

/** Several factors and none preferred: the user says which (M8). (?) The name MFAS_CAN_CHOOSE is from cognito-facts 145. */
export const selectMfaType: Challenge<Factor[]> = {
  name: 'SELECT_MFA_TYPE',
  requires: ['ANSWER'],
  ask({ call, pool, user: known }) {
    const user = known as User
    const factors = factorsOf(call, pool, user)
    const name = factors.includes('SOFTWARE_TOKEN_MFA') ? softwareToken(call, pool, user)?.name : undefined
    return {
      parameters: {
        MFAS_CAN_CHOOSE: JSON.stringify(factors),
        ...(name === undefined ? {} : { FRIENDLY_DEVICE_NAME: name }),
        USER_ID_FOR_SRP: user.Username,
      },
      state: factors,
    }
  },
  check(signIn, { ANSWER }, factors) {
    const factor = factors.find((one) => one === ANSWER) ?? signIn.call.fail('InvalidParameterException', NOT_OFFERED)
    return { signIn: passed(signIn, 'SELECT_MFA_TYPE'), challenge: factor }
  },
}

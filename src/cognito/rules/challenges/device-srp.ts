import type { User } from '../../records.ts'
import { type Device, groupKey, requireDevice } from '../factors/devices.ts'
import { WRONG } from '../passwords/proof.ts'
import { type Exchange, INVALID_SRP_A, isFresh, openExchange, proofFits, readPublic } from '../passwords/srp.ts'
import { type Challenge, passed, type SignIn } from './challenge.ts'
import { BLOCK } from './password-verifier.ts'

/** Somebody known on a device that says which it is. */
function deviceOf({ call, pool, user, progress }: SignIn): Device {
  return requireDevice(call, pool, user as User, progress.device ?? '')
}

/** The device begins to prove that it is the one it says (cognito-facts 149). */
export const deviceSrpAuth: Challenge<null> = {
  name: 'DEVICE_SRP_AUTH',
  requires: ['DEVICE_KEY', 'SRP_A'],
  ask: () => ({ parameters: {}, state: null }),
  check(signIn, responses) {
    return { signIn, challenge: 'DEVICE_PASSWORD_VERIFIER', given: responses }
  },
}

/** As a password is proven, with the device's own. */
export const devicePasswordVerifier: Challenge<Exchange> = {
  name: 'DEVICE_PASSWORD_VERIFIER',
  requires: ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP', 'DEVICE_KEY'],
  byBlock: true,
  ask(signIn, { SRP_A }) {
    const { call, user } = signIn
    const A = readPublic(SRP_A) ?? call.fail('InvalidParameterException', INVALID_SRP_A)
    const { key, srp } = deviceOf(signIn)
    if (srp === undefined) return call.fail('NotAuthorizedException', WRONG)
    const exchange = openExchange(call, A, key, srp)
    return {
      parameters: {
        DEVICE_KEY: key,
        SALT: exchange.salt,
        SECRET_BLOCK: call.random.bytes(BLOCK).toString('base64'),
        SRP_B: exchange.B,
        USERNAME: (user as User).Username,
      },
      state: exchange,
    }
  },
  check(signIn, responses, exchange, burn) {
    const { call, pool } = signIn
    const { key, srp } = deviceOf(signIn)
    const proof = { group: groupKey(pool), responses }
    if (
      srp === undefined ||
      key !== exchange.userId ||
      !isFresh(call, responses.TIMESTAMP ?? '') ||
      !proofFits(call, exchange, srp.verifier, proof)
    ) {
      burn()
      return call.fail('NotAuthorizedException', WRONG)
    }
    return { signIn: passed(signIn, 'DEVICE_PASSWORD_VERIFIER') }
  },
}

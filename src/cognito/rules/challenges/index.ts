import type { CognitoCall } from '../../call.ts'
import type { ChallengeNameType } from '../../contract/types.ts'
import type { Challenge } from './challenge.ts'
import { customChallenge } from './custom-challenge.ts'
import { devicePasswordVerifier, deviceSrpAuth } from './device-srp.ts'
import { mfaSetup } from './mfa-setup.ts'
import { newPasswordRequired } from './new-password-required.ts'
import { emailOtp, smsMfa, smsOtp } from './one-time-code.ts'
import { password, passwordSrp } from './password.ts'
import { passwordVerifier } from './password-verifier.ts'
import { selectChallenge } from './select-challenge.ts'
import { selectMfaType } from './select-mfa-type.ts'
import { softwareTokenMfa } from './software-token-mfa.ts'
import { webAuthn } from './web-authn.ts'

const challenges: readonly Challenge[] = [
  passwordVerifier,
  newPasswordRequired,
  customChallenge,
  smsMfa,
  emailOtp,
  smsOtp,
  softwareTokenMfa,
  selectMfaType,
  mfaSetup,
  selectChallenge,
  password,
  passwordSrp,
  deviceSrpAuth,
  devicePasswordVerifier,
  webAuthn,
]

/** (?) The contract lists ADMIN_NO_SRP_AUTH as a challenge; the reference says that it is not a valid one, not in which words. */
const NOT_VALID = (name: ChallengeNameType) => `Invalid challenge name ${name}`

export function challengeOf(call: CognitoCall, name: ChallengeNameType): Challenge {
  return challenges.find((challenge) => challenge.name === name) ?? call.fail('InvalidParameterException', NOT_VALID(name))
}

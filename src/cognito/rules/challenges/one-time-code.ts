import type { ChallengeNameType } from '../../contract/types.ts'
import { simulatedDetails } from '../messages/deliveries.ts'
import { type Contact, sendCode } from '../messages/messages.ts'
import { requireMaySignIn } from '../passwords/proof.ts'
import { countFailure, requireUnlocked } from '../sign-in/lock-out.ts'
import { change } from '../users/users.ts'
import { type Challenge, passed, type SignIn } from './challenge.ts'

interface Sent {
  code: string
  /** Where it went; what it proves if the user is still reached there. */
  destination: string
}

const SECOND_FACTOR_DIGITS = 6
const FIRST_FACTOR_DIGITS = 8

/** (?) Of two sentences that were seen (cognito-facts 139) the one of messages. */
export const WRONG_CODE = 'Invalid code or auth state for the user.'

/** A challenge that is a code sent to one of the user's addresses; wrong ones may be tried again in the same session (L22). */
export function codeChallenge(name: ChallengeNameType, contact: Contact): Challenge<Sent> {
  const member = `${name}_CODE`
  return {
    name,
    requires: [member],
    ask(signIn) {
      const { call, pool, user, progress } = signIn
      // No code goes out to somebody whom it would not let in.
      if (user !== undefined) requireMaySignIn(call, pool, user)
      const length = isFirst(signIn) ? FIRST_FACTOR_DIGITS : SECOND_FACTOR_DIGITS
      const destination = user?.Attributes[contact] ?? ''
      const code = call.code(length, destination, user?.Username)
      const { DeliveryMedium = '', Destination = '' } =
        user === undefined
          ? simulatedDetails(pool, progress.username)
          : sendCode(call, pool, user, { occasion: 'Authentication', contact, destination, code })
      return {
        parameters: {
          CODE_DELIVERY_DELIVERY_MEDIUM: DeliveryMedium,
          CODE_DELIVERY_DESTINATION: Destination,
          ...(user === undefined || isFirst(signIn) ? {} : { USER_ID_FOR_SRP: user.Username }),
        },
        state: { code, destination },
      }
    },
    check(signIn, responses, { code, destination }) {
      const { call, pool, user } = signIn
      if (user !== undefined && !isFirst(signIn)) requireUnlocked(call, pool, user)
      if (user === undefined || responses[member] !== code) {
        if (user !== undefined && !isFirst(signIn)) countFailure(call, pool, user)
        return call.fail('CodeMismatchException', WRONG_CODE)
      }
      // A code that came back proves the address (M2).
      const proven = user.Attributes[contact] === destination && user.Attributes[`${contact}_verified`] !== 'true'
      const Attributes = { ...user.Attributes, [`${contact}_verified`]: 'true' }
      return { signIn: passed(signIn, name, proven ? change(call, pool, user, { Attributes }) : user) }
    },
  }
}

function isFirst({ progress }: SignIn): boolean {
  return progress.passed.length === 0
}

export const smsMfa = codeChallenge('SMS_MFA', 'phone_number')
export const emailOtp = codeChallenge('EMAIL_OTP', 'email')
export const smsOtp = codeChallenge('SMS_OTP', 'phone_number')

import { operation } from '../operation.ts'
import { passwords } from '../records.ts'
import { checkPassword, keepPassword, requireNewPassword } from '../rules/passwords/passwords.ts'
import { WRONG } from '../rules/passwords/proof.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { countFailure, forgetFailures, requireUnlocked } from '../rules/sign-in/lock-out.ts'
import { recordAuthEvent } from '../rules/threats/auth-events.ts'
import { recordFailure } from '../rules/threats/threats.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('ChangePassword', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  holdAttempts(call, pool, user, 'changePassword')

  // Who has no password yet (came in by a code or a passkey) gives none and sets the first.
  if (passwords.get(call, pool.Id, user.sub) !== undefined || input.PreviousPassword !== undefined) {
    requireUnlocked(call, pool, user)
    if (!checkPassword(call, pool, user, input.PreviousPassword ?? '')) {
      recordFailure(call, pool, user, {
        EventType: 'PasswordChange',
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
      })
      countFailure(call, pool, user)
      call.fail('NotAuthorizedException', WRONG)
    }
    forgetFailures(call, pool, user)
  }
  requireNewPassword(call, pool, user, input.ProposedPassword)

  keepPassword(call, pool, user, input.ProposedPassword, { temporary: false })
  recordAuthEvent(call, pool, user, { EventType: 'PasswordChange', EventResponse: 'Pass' })
  return {}
})

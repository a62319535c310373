import { operation } from '../operation.ts'
import { passwords } from '../records.ts'
import { holdAttempts } from '../rules/attempts.ts'
import { recordAuthEvent } from '../rules/auth-events.ts'
import { countFailure, forgetFailures, requireUnlocked } from '../rules/lock-out.ts'
import { WRONG } from '../rules/password-proof.ts'
import { checkPassword, keepPassword, requireNewPassword } from '../rules/passwords.ts'
import { recordFailure } from '../rules/threats.ts'
import { callerOf } from '../rules/tokens.ts'

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

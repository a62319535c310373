import type { CognitoCall } from '../../call.ts'
import { type Pool, type User, users } from '../../records.ts'
import type { SetUp } from '../challenges/mfa-setup.ts'
import { openSessionOf, renewSession } from '../sign-in/sessions.ts'
import { callerOf } from '../tokens/caller.ts'

/** (?) The operations take either; what they say to neither is not known. */
const NEITHER = 'Either AccessToken or Session must be provided.'

/** Who sets up an app: signed in, or on the way in and asked to (M5). `renew` answers the session that goes on from here. */
export function settingUp(
  call: CognitoCall,
  input: { AccessToken?: string | undefined; Session?: string | undefined },
): { pool: Pool; user: User; renew: (state: SetUp) => string | undefined } {
  if (input.AccessToken !== undefined) {
    const { pool, user } = callerOf(call, input.AccessToken)
    return { pool, user, renew: () => undefined }
  }
  if (input.Session === undefined) return call.fail('InvalidParameterException', NEITHER)
  const ticket = openSessionOf(call, 'MFA_SETUP', input.Session)
  const pool = call.pool(ticket.pool)
  const user = users.get(call, pool.Id, ticket.person) ?? call.fail('NotAuthorizedException', 'Invalid session for the user.')
  return { pool, user, renew: (state) => renewSession(call, ticket, state) }
}

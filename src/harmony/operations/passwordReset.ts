import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import { AUTH0 } from '../records.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { poolOf, requireUser } from '../rules/cognito-directory.ts'
import { issueLink } from '../rules/links.ts'
import { countSending } from '../rules/quota.ts'
import { choice, either, filled, indexable, integer, object, text, word } from '../schema.ts'

/** Auth0 answers a link to choose a password; Cognito is given one, and answers as its SDK does (harmony-auth 4.6). */
export default operation(
  {
    name: 'passwordReset',
    route: 'POST /users/password-reset',
    summary: 'Reset a password',
    body: choice('provider', {
      'auth0-user': object({ userId: filled, clientId: filled }),
      'cognito-user': object({ userId: filled, userPoolId, password: filled }),
    }),
    answers: {
      200: either(
        object({ url: text }),
        object({
          message: text,
          status: word('success'),
          $metadata: indexable({
            httpStatusCode: integer(200, 200),
            requestId: text,
            attempts: integer(1, 1),
            totalRetryDelay: integer(0, 0),
          }),
        }),
      ),
    },
    errors: [400, 401, 404, 429, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') {
      const user = auth0.requireUser(call, input.userId)
      countSending(call, AUTH0, user.id)
      return { url: issueLink(call, user, 'password', input.clientId) }
    }
    const pool = poolOf(call, input.userPoolId, 404)
    const user = requireUser(call, pool, input.userId)
    countSending(call, pool.Id, user.id)

    // (?) Permanent: the sample says the reset is done, not begun, by this call.
    call.cognito.AdminSetUserPassword({ UserPoolId: pool.Id, Username: user.id, Password: input.password, Permanent: true })

    return {
      message: 'Password reset initiated successfully',
      status: 'success' as const,
      $metadata: { httpStatusCode: 200, requestId: call.origin.requestId, attempts: 1, totalRetryDelay: 0 },
    }
  },
)

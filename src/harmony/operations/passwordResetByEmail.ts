import { operation } from '../operation.ts'
import { AUTH0 } from '../records.ts'
import { issueLink } from '../rules/links.ts'
import { accountOf } from '../rules/mail.ts'
import { countSending } from '../rules/quota.ts'
import { choice, filled, object, text } from '../schema.ts'

export default operation(
  {
    name: 'passwordResetByEmail',
    route: 'POST /users/password-reset-by-email',
    summary: 'A link to choose a new password, for an Auth0 user',
    body: choice('provider', {
      'auth0-user': object({ email: filled, clientId: filled, connection: filled, accountProvider: filled }),
    }),
    answers: { 200: object({ url: text }) },
    errors: [400, 401, 404, 429, 500],
  },
  (input, call) => {
    const user = accountOf(call, input)
    countSending(call, AUTH0, user.id)

    return { url: issueLink(call, user, 'password', input.clientId) }
  },
)

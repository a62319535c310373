import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { resendCode, sendVerification } from '../rules/mail.ts'
import { choice, filled, object } from '../schema.ts'

const body = object({ userId: filled, clientId: filled })

/** The documented Cognito body names no pool: the client's is meant, and Cognito sends its own code. */
export default operation(
  {
    name: 'postSendEmail',
    route: 'POST /users/verification-email',
    summary: 'Send a verification mail',
    body: choice('provider', { 'auth0-user': body, 'cognito-user': body }),
    answers: { 201: object({}) },
    errors: [400, 401, 404, 429, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') sendVerification(call, auth0.requireUser(call, input.userId), input.clientId)
    else resendCode(call, input.clientId, input.userId)
    return {}
  },
)

import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import { accountOf, cognitoUserByEmail, resendCode, sendVerification } from '../rules/mail.ts'
import { choice, filled, object } from '../schema.ts'

export default operation(
  {
    name: 'postSendVerificationEmail',
    route: 'POST /users/verification-email-by-email',
    summary: 'Send a verification mail, by address',
    body: choice('provider', {
      'auth0-user': object({ clientId: filled, email: filled, accountProvider: filled, connection: filled }),
      'cognito-user': object({ clientId: filled, email: filled, userPoolId }),
    }),
    answers: { 201: object({}) },
    errors: [400, 401, 404, 429, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') sendVerification(call, accountOf(call, input), input.clientId)
    else resendCode(call, input.clientId, cognitoUserByEmail(call, input.userPoolId, input.email).username)
    return {}
  },
)

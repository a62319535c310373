import { clientAnswer, postClient } from '../definitions/client.ts'
import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-clients.ts'
import * as cognito from '../rules/cognito-clients.ts'
import { choice, object } from '../schema.ts'

/** Answers 200, not 201, as documented. */
export default operation(
  {
    name: 'postClient',
    route: 'POST /clients',
    summary: 'Register a client; for Cognito an app client of a user pool',
    body: choice('provider', {
      'auth0-client': object({ client: postClient }),
      'cognito-client': object({ userPoolId, client: postClient }),
    }),
    answers: { 200: clientAnswer },
    errors: [400, 401, 500],
  },
  (input, call) =>
    input.provider === 'auth0-client' ? auth0.create(call, input.client) : cognito.create(call, input.userPoolId, input.client),
)

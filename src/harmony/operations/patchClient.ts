import { clientAnswer, patchClient } from '../definitions/client.ts'
import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-clients.ts'
import * as cognito from '../rules/cognito-clients.ts'
import { choice, object } from '../schema.ts'

export default operation(
  {
    name: 'patchClient',
    route: 'PATCH /clients/{clientId}',
    summary: 'Change a client',
    body: choice('provider', {
      'auth0-client': object({ client: patchClient }),
      'cognito-client': object({ userPoolId, client: patchClient }),
    }),
    answers: { 200: clientAnswer },
    errors: [400, 401, 404, 500],
  },
  (input, call) =>
    input.provider === 'auth0-client'
      ? auth0.update(call, input.clientId, input.client)
      : cognito.update(call, input.userPoolId, input.clientId, input.client),
)

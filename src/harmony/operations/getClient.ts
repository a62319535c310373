import { clientAnswer } from '../definitions/client.ts'
import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-clients.ts'
import * as cognito from '../rules/cognito-clients.ts'
import { choice, object } from '../schema.ts'

export default operation(
  {
    name: 'getClient',
    route: 'GET /clients/{clientId}',
    summary: 'A client',
    query: choice('provider', { 'auth0-client': object({}), 'cognito-client': object({ userPoolId }) }),
    answers: { 200: clientAnswer },
    errors: [400, 401, 404, 500],
  },
  (input, call) =>
    input.provider === 'auth0-client' ? auth0.read(call, input.clientId) : cognito.read(call, input.userPoolId, input.clientId),
)

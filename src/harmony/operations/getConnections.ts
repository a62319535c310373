import { connectionList } from '../definitions/connection.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-connections.ts'
import * as cognito from '../rules/cognito-connections.ts'
import { choice, object } from '../schema.ts'

export default operation(
  {
    name: 'getConnections',
    route: 'GET /connections',
    summary: 'The connections; for Cognito at most 60 user pools',
    query: choice('provider', { 'auth0-connection': object({}), 'cognito-connection': object({}) }),
    answers: { 200: connectionList },
    errors: [400, 401, 500],
  },
  (input, call) => (input.provider === 'auth0-connection' ? auth0.list(call) : cognito.list(call)),
)

import { connectionAnswer } from '../definitions/connection.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-connections.ts'
import * as cognito from '../rules/cognito-connections.ts'
import { choice, object } from '../schema.ts'

export default operation(
  {
    name: 'getConnection',
    route: 'GET /connections/{connectionId}',
    summary: 'A connection; for Cognito a user pool',
    query: choice('provider', { 'auth0-connection': object({}), 'cognito-connection': object({}) }),
    answers: { 200: connectionAnswer },
    errors: [400, 401, 404, 500],
  },
  ({ provider, connectionId }, call) =>
    provider === 'auth0-connection' ? auth0.read(call, connectionId) : cognito.read(call, connectionId),
)

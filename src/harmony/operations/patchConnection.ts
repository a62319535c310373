import { connectionAnswer, patchConnection } from '../definitions/connection.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-connections.ts'
import * as cognito from '../rules/cognito-connections.ts'
import { choice, object } from '../schema.ts'

const body = object({ connectionBody: patchConnection })

export default operation(
  {
    name: 'patchConnection',
    route: 'PATCH /connections/{connectionId}',
    summary: 'Change a connection',
    body: choice('provider', { 'auth0-connection': body, 'cognito-connection': body }),
    answers: { 200: connectionAnswer },
    errors: [400, 401, 404, 500],
  },
  ({ provider, connectionId, connectionBody }, call) =>
    provider === 'auth0-connection' ? auth0.update(call, connectionId, connectionBody) : cognito.update(call, connectionId, connectionBody),
)

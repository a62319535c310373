import { connectionAnswer, postConnection } from '../definitions/connection.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-connections.ts'
import * as cognito from '../rules/cognito-connections.ts'
import { choice, object } from '../schema.ts'

const body = object({ connectionBody: postConnection })

export default operation(
  {
    name: 'postConnection',
    route: 'POST /connections',
    summary: 'Make a connection; for Cognito a user pool',
    body: choice('provider', { 'auth0-connection': body, 'cognito-connection': body }),
    answers: { 201: connectionAnswer },
    errors: [400, 401, 500],
  },
  ({ provider, connectionBody }, call) =>
    provider === 'auth0-connection' ? auth0.create(call, connectionBody) : cognito.create(call, connectionBody),
)

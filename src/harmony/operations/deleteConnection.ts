import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-connections.ts'
import * as cognito from '../rules/cognito-connections.ts'
import { choice, object } from '../schema.ts'

const request = choice('provider', { 'auth0-connection': object({}), 'cognito-connection': object({}) })

/** The documented body may come as a query too, as for users. */
export default operation(
  {
    name: 'deleteConnection',
    route: 'DELETE /connections/{connectionId}',
    summary: 'Delete a connection; for Cognito a user pool and its users',
    body: request,
    query: request,
    answers: { 204: null },
    errors: [400, 401, 404, 500],
  },
  ({ provider, connectionId }, call) => {
    if (provider === 'auth0-connection') auth0.remove(call, connectionId)
    else cognito.remove(call, connectionId)
    return undefined
  },
)

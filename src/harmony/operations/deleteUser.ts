import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { poolOf } from '../rules/cognito-directory.ts'
import * as cognito from '../rules/cognito-users.ts'
import { choice, object } from '../schema.ts'

const request = choice('provider', { 'auth0-user': object({}), 'cognito-user': object({ userPoolId }) })

/** The documented body may come as a query too, for clients that drop the body of a DELETE (harmony-auth 4.5). */
export default operation(
  {
    name: 'deleteUser',
    route: 'DELETE /users/{userId}',
    summary: 'Delete a user',
    body: request,
    query: request,
    answers: { 204: null },
    errors: [400, 401, 404, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') auth0.remove(call, input.userId)
    else cognito.remove(call, poolOf(call, input.userPoolId, 404), input.userId)
    return undefined
  },
)

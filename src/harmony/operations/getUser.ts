import { cognitoUser, userPoolId } from '../definitions.ts'
import { operation } from '../operation.ts'
import { notYet } from '../rules/auth0-users.ts'
import { poolOf, requireUser } from '../rules/cognito-directory.ts'
import { userView } from '../rules/cognito-view.ts'
import { choice, object } from '../schema.ts'

export default operation(
  {
    name: 'getUser',
    route: 'GET /users/{userId}',
    summary: 'A user by id or e-mail address',
    query: choice('provider', { 'auth0-user': object({}), 'cognito-user': object({ userPoolId }) }),
    answers: { 200: cognitoUser },
    errors: [400, 401, 404, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return notYet()
    const pool = poolOf(call, input.userPoolId, 404)
    return userView(call, pool, requireUser(call, pool, input.userId))
  },
)

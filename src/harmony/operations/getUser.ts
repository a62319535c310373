import { auth0User, cognitoUser } from '../definitions/answers.ts'
import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { auth0View } from '../rules/auth0-view.ts'
import { poolOf, requireUser } from '../rules/cognito-directory.ts'
import { userView } from '../rules/cognito-view.ts'
import { choice, either, object } from '../schema.ts'

export default operation(
  {
    name: 'getUser',
    route: 'GET /users/{userId}',
    summary: 'A user by id or e-mail address',
    query: choice('provider', { 'auth0-user': object({}), 'cognito-user': object({ userPoolId }) }),
    answers: { 200: either(auth0User, cognitoUser) },
    errors: [400, 401, 404, 500],
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return auth0View(auth0.requireUser(call, input.userId))
    const pool = poolOf(call, input.userPoolId, 404)
    return userView(call, pool, requireUser(call, pool, input.userId))
  },
)

import { auth0User, cognitoUser } from '../definitions/answers.ts'
import { postAuth0User, postCognitoUser } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { poolOf } from '../rules/cognito-directory.ts'
import * as cognito from '../rules/cognito-users.ts'
import { wrapUser } from '../rules/envelope.ts'
import { choice, either, object } from '../schema.ts'

export default operation(
  {
    name: 'postUser',
    route: 'POST /users',
    summary: 'Create a user',
    body: choice('provider', { 'auth0-user': object({ user: postAuth0User }), 'cognito-user': object({ user: postCognitoUser }) }),
    answers: { 201: either(auth0User, cognitoUser) },
    errors: [400, 401, 409, 500],
    prepare: wrapUser,
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return auth0.create(call, input.user)
    // 404 is not documented for this route.
    return cognito.create(call, poolOf(call, input.user.userPoolId, 400), input.user)
  },
)

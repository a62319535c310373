import { cognitoUser, postCognitoUser } from '../definitions.ts'
import { operation } from '../operation.ts'
import { notYet } from '../rules/auth0-users.ts'
import { poolOf } from '../rules/cognito-directory.ts'
import { create } from '../rules/cognito-users.ts'
import { wrapUser } from '../rules/envelope.ts'
import { bag, choice, object } from '../schema.ts'

export default operation(
  {
    name: 'postUser',
    route: 'POST /users',
    summary: 'Create a user',
    body: choice('provider', { 'auth0-user': object({ user: bag }), 'cognito-user': object({ user: postCognitoUser }) }),
    answers: { 201: cognitoUser },
    errors: [400, 401, 409, 500],
    settle: wrapUser,
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return notYet()
    // 404 is not documented for this route.
    return create(call, poolOf(call, input.user.userPoolId, 400), input.user)
  },
)

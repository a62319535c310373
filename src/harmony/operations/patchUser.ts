import { auth0User, cognitoUser } from '../definitions/answers.ts'
import { patchAuth0User, patchCognitoUser, userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-users.ts'
import { poolOf } from '../rules/cognito-directory.ts'
import * as cognito from '../rules/cognito-users.ts'
import { wrapUser } from '../rules/envelope.ts'
import { choice, either, object } from '../schema.ts'

/** Its page was not found, only its bodies' types: envelope and statuses are ours, after the PATCH routes that have one (harmony-auth 7). */
export default operation(
  {
    name: 'patchUser',
    route: 'PATCH /users/{userId}',
    summary: 'Change a user',
    body: choice('provider', {
      'auth0-user': object({ user: patchAuth0User }),
      'cognito-user': object({ user: patchCognitoUser }, { userPoolId }),
    }),
    answers: { 200: either(auth0User, cognitoUser) },
    errors: [400, 401, 404, 409, 500],
    prepare: wrapUser,
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return auth0.update(call, input.userId, input.user)
    const { user, userPoolId: outer, userId } = input
    const id = user.userPoolId ?? outer ?? call.refuse(400, 'user.userPoolId is required')
    if (outer !== undefined && outer !== id) call.refuse(400, 'userPoolId and user.userPoolId differ')
    return cognito.update(call, poolOf(call, id, 404), userId, user)
  },
)

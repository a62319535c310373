import { cognitoUser, patchCognitoUser, userPoolId } from '../definitions.ts'
import { operation } from '../operation.ts'
import { notYet } from '../rules/auth0-users.ts'
import { poolOf } from '../rules/cognito-directory.ts'
import { update } from '../rules/cognito-users.ts'
import { wrapUser } from '../rules/envelope.ts'
import { bag, choice, object } from '../schema.ts'

/** Its page was not found, only its body's type: envelope and statuses are ours, after the PATCH routes that have one (harmony-auth 7). */
export default operation(
  {
    name: 'patchUser',
    route: 'PATCH /users/{userId}',
    summary: 'Change a user',
    body: choice('provider', {
      'auth0-user': object({ user: bag }),
      'cognito-user': object({ user: patchCognitoUser }, { userPoolId }),
    }),
    answers: { 200: cognitoUser },
    errors: [400, 401, 404, 409, 500],
    settle: wrapUser,
  },
  (input, call) => {
    if (input.provider === 'auth0-user') return notYet()
    const { user, userPoolId: outer, userId } = input
    const id = user.userPoolId ?? outer ?? call.refuse(400, 'user.userPoolId is required')
    if (outer !== undefined && outer !== id) call.refuse(400, 'userPoolId and user.userPoolId differ')
    return update(call, poolOf(call, id, 404), userId, user)
  },
)

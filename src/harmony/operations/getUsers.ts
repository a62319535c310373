import { cognitoUser, userPoolId } from '../definitions.ts'
import { operation } from '../operation.ts'
import { notYet } from '../rules/auth0-users.ts'
import { listUsers } from '../rules/cognito-list.ts'
import { choice, either, flag, integer, list, object, text } from '../schema.ts'

export default operation(
  {
    name: 'getUsers',
    route: 'GET /users',
    summary: 'The users of a user pool, or the one user that a query finds',
    query: choice('provider', {
      'auth0-user': object({}),
      'cognito-user': object({ userPoolId }, { limit: integer(1, 60), lastEvaluatedKey: text, next: text, envelope: flag }),
    }),
    answers: { 200: either(list(cognitoUser), object({ users: list(cognitoUser) }, { lastEvaluatedKey: text })) },
    errors: [400, 401, 404, 500],
  },
  (input, call) => (input.provider === 'auth0-user' ? notYet() : listUsers(call, input)),
)

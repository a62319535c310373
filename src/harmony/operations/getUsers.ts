import { cognitoUser } from '../definitions/answers.ts'
import { userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import { searchUser } from '../rules/auth0-search.ts'
import { listUsers } from '../rules/cognito-list.ts'
import { choice, either, flag, indexable, integer, list, object, text, titled } from '../schema.ts'

const MOST = 1000

export default operation(
  {
    name: 'getUsers',
    route: 'GET /users',
    summary: 'The users of a user pool, or the one Auth0 user that a query finds',
    query: choice('provider', {
      'auth0-user': object(
        {},
        { q: text, pageSize: integer(1, MOST), page: integer(0, MOST), sort: text, fields: text, include_fields: flag },
      ),
      'cognito-user': object({ userPoolId }, { limit: integer(1, 60), lastEvaluatedKey: text, next: text, envelope: flag }),
    }),
    answers: {
      200: either(
        // With `fields` any part of it.
        titled('Auth0UserFields', indexable({})),
        either(list(cognitoUser), object({ users: list(cognitoUser) }, { lastEvaluatedKey: text })),
      ),
    },
    errors: [400, 401, 404, 500],
  },
  (input, call) => (input.provider === 'auth0-user' ? searchUser(call, input) : listUsers(call, input)),
)

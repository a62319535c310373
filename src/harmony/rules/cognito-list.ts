import type { HarmonyCall } from '../call.ts'
import type { CognitoUser } from '../definitions/answers.ts'
import { fromList, poolOf } from './cognito-directory.ts'
import { userView } from './cognito-view.ts'

export interface ListQuery {
  userPoolId: string
  limit?: number | undefined
  lastEvaluatedKey?: string | undefined
  next?: string | undefined
  envelope?: boolean | undefined
}

const MOST = 60

/**
 * An array, as documented. Where the next token comes back is not (harmony-auth 6.5): here in the header `x-next-token`, and with
 * `envelope=true` in the body. Both names of the token are taken, since the page itself uses both.
 */
export function listUsers(
  call: HarmonyCall<400 | 404>,
  query: ListQuery,
): CognitoUser[] | { users: CognitoUser[]; lastEvaluatedKey?: string | undefined } {
  const pool = poolOf(call, query.userPoolId, 404)
  const PaginationToken = query.lastEvaluatedKey ?? query.next
  const page = call.cognito.ListUsers({
    UserPoolId: pool.Id,
    Limit: query.limit ?? MOST,
    ...(PaginationToken === undefined ? {} : { PaginationToken }),
  })

  if (page.PaginationToken !== undefined) call.headers['x-next-token'] = page.PaginationToken
  const users = (page.Users ?? []).map((user) => userView(call, pool, fromList(user)))
  return query.envelope === true ? { users, lastEvaluatedKey: page.PaginationToken } : users
}

import type { Place } from '../../directory/people.ts'
import { operation } from '../operation.ts'
import { type User, users } from '../records.ts'
import { paged } from '../rules/paging.ts'
import { parseFilter } from '../rules/users/filter.ts'
import { userType } from '../rules/users/views.ts'

/** (?) cognito-behaviour A19; both sentences as moto's tests of ListUsers have them. */
const UNREADABLE_FILTER = 'Error while parsing filter'
const unsearchable = (name: string) => `Invalid search attribute: ${name}`

/** (?) That it is an error is documented (cognito-facts 108), its text is not. */
const MISSING_ATTRIBUTE = 'One or more requested attributes do not exist.'

/** Of a token that is damaged or belongs to another question (cognito-facts 107). */
const WRONG_TOKEN = 'Paging Marker is Invalid for Request'

export default operation('ListUsers', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { AttributesToGet: only, Filter: text = '' } = input
  const filter = text.trim() === '' ? undefined : (parseFilter(text) ?? call.fail('InvalidParameterException', UNREADABLE_FILTER))
  if (typeof filter === 'string') return call.fail('InvalidParameterException', unsearchable(filter))

  const question = ['ListUsers', pool.Id, filter]
  const asked = { token: input.PaginationToken, limit: input.Limit, wrong: WRONG_TOKEN }
  const { items, token } = paged<User, Place>(call, question, asked, ({ after, limit }) =>
    users.page(call, pool.Id, { filter, after, limit }),
  )
  const lacks = (user: User) => only?.some((name) => name !== 'sub' && user.Attributes[name] === undefined)
  if (items.some(lacks)) call.fail('InvalidParameterException', MISSING_ATTRIBUTE)

  return { Users: items.map((user) => userType(user, only)), PaginationToken: token }
})

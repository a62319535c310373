import type { HarmonyCall } from '../call.ts'
import type { Auth0User } from '../definitions/answers.ts'
import { AUTH0, type Auth0Record, auth0Users } from '../records.ts'
import { auth0View } from './auth0-view.ts'
import { fieldOf, parseQuery, valuesOf } from './lucene.ts'

export interface SearchQuery {
  q?: string | undefined
  pageSize?: number | undefined
  page?: number | undefined
  sort?: string | undefined
  fields?: string | undefined
  include_fields?: boolean | undefined
}

/**
 * One user object and no array, as documented (harmony-auth 4.3): the first of the page. Nobody on it is 404; whether a page of more
 * than one answers more is not documented, so `pageSize` only says how far `page` goes on.
 */
export function searchUser(call: HarmonyCall<400 | 404>, query: SearchQuery): Partial<Auth0User> {
  const { q, pageSize = 1, page = 0, sort, fields, include_fields: included = true } = query
  const matches = q === undefined ? () => true : (parseQuery(q) ?? call.refuse(400, 'q is not a query'))
  const order = sort === undefined ? undefined : (parseSort(sort) ?? call.refuse(400, 'sort must be like created_at:-1'))
  const found = candidates(call, q).map(auth0View).filter(matches)
  if (order !== undefined) found.sort(order)
  const user = found[page * pageSize] ?? call.refuse(404, 'no user matches')

  if (fields === undefined) return user
  const named = new Set(fields.split(',').map((field) => fieldOf(field.trim())))
  return Object.fromEntries(Object.entries(user).filter(([key]) => named.has(key) === included))
}

/** A search by exactly one address, the documented example, need not look at everybody. */
function candidates(call: HarmonyCall, q: string | undefined): Auth0Record[] {
  const [, email] = /^\s*email:"([^"\\]*)"\s*$/.exec(q ?? '') ?? []
  if (email !== undefined) {
    const one = auth0Users.find(call, AUTH0, email.toLowerCase(), ['email'])
    return one === undefined ? [] : [one]
  }
  const all: Auth0Record[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { items, next } = auth0Users.page(call, AUTH0, { after, limit: 1000 })
    all.push(...items)
    after = next as number | undefined
  }
  return all
}

function parseSort(sort: string): ((a: Auth0User, b: Auth0User) => number) | undefined {
  const [, field, direction] = /^([\w.]+):(-?1)$/.exec(sort) ?? []
  if (field === undefined) return undefined
  const key = (user: Auth0User) => valuesOf(user, field)[0] ?? ''
  return (a, b) => Number(direction) * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}

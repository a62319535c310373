import type { Filter } from '../../../directory/people.ts'
import type { User } from '../../records.ts'

/** Attributes that ListUsers can search (cognito-facts 105), and what each is filed as. */
const SEARCHABLE: Record<string, (user: User) => string | undefined> = {
  username: (user) => user.Username,
  sub: (user) => user.sub,
  email: (user) => user.Attributes.email,
  phone_number: (user) => user.Attributes.phone_number,
  name: (user) => user.Attributes.name,
  given_name: (user) => user.Attributes.given_name,
  family_name: (user) => user.Attributes.family_name,
  preferred_username: (user) => user.Attributes.preferred_username,
  'cognito:user_status': (user) => user.UserStatus,
  status: (user) => (user.Enabled ? 'Enabled' : 'Disabled'),
}

/** Compared letter by letter; all others without regard to case (cognito-behaviour A19). */
const EXACT = new Set(['username', 'status'])

const SEARCH_NAMES = new Map(Object.keys(SEARCHABLE).map((name) => [name.toLowerCase(), name]))

export function searchable(user: User): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(SEARCHABLE).map(([name, pick]) => [name, folded(name, pick(user))]))
}

function folded(name: string, value: string | undefined): string | undefined {
  return EXACT.has(name) ? value : value?.toLowerCase()
}

const FORM = /^\s*(?:"([^"]*)"|([\w:]+))\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/s

/**
 * `name = "value"` or `name ^= "value"`, spaces optional, the name in quotes or bare, backslash escapes: undefined if it is not that, and
 * the name alone if nothing can be searched by it.
 */
export function parseFilter(text: string): Filter | string | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, quoted, bare, op, value = ''] = match
  const name = quoted ?? bare ?? ''
  const attribute = SEARCH_NAMES.get(name.toLowerCase())
  if (attribute === undefined) return name
  return { attribute, op: op as Filter['op'], value: folded(attribute, value.replace(/\\(.)/gs, '$1')) ?? '' }
}

/**
 * As much of Auth0's user search as its documents describe of Lucene: `field:value`, `field:"value"`, a value with `*`, `_exists_:field`,
 * AND, OR, NOT (also `-`), parentheses, and terms side by side, which are joined by OR as Lucene does.
 */
export type Query = (user: Readonly<Record<string, unknown>>) => boolean

/** Undefined if the text is no such query. */
export function parseQuery(text: string): Query | undefined {
  const tokens = text.match(TOKEN)
  if (tokens === null || tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) return undefined
  if (tokens.filter((token) => NESTING.has(token)).length > MOST_NESTED) return undefined
  const rest = [...tokens]
  const query = either(rest)
  return rest.length === 0 ? query : undefined
}

const TOKEN = /[()]|-(?=[\w(])|(?<![\w.])[\w.]+:(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)|\b(?:AND|OR|NOT)\b/g

/** What makes a query deep; nobody writes so many by hand. */
const NESTING = new Set(['(', 'NOT', '-'])
const MOST_NESTED = 200

function either(tokens: string[]): Query | undefined {
  let found = both(tokens)
  while (found !== undefined && tokens.length > 0 && tokens[0] !== ')') {
    if (tokens[0] === 'OR') tokens.shift()
    const one: Query = found
    const other = both(tokens)
    found = other === undefined ? undefined : (user) => one(user) || other(user)
  }
  return found
}

function both(tokens: string[]): Query | undefined {
  let found = single(tokens)
  while (found !== undefined && tokens[0] === 'AND') {
    tokens.shift()
    const one: Query = found
    const other = single(tokens)
    found = other === undefined ? undefined : (user) => one(user) && other(user)
  }
  return found
}

function single(tokens: string[]): Query | undefined {
  const token = tokens.shift()
  if (token === undefined || token === ')' || token === 'AND' || token === 'OR') return undefined
  if (token === 'NOT' || token === '-') {
    const inner = single(tokens)
    return inner === undefined ? undefined : (user) => !inner(user)
  }
  if (token === '(') {
    const inner = either(tokens)
    return tokens.shift() === ')' ? inner : undefined
  }
  return term(token)
}

function term(token: string): Query {
  const colon = token.indexOf(':')
  const field = token.slice(0, colon)
  const raw = token.slice(colon + 1)
  if (field === '_exists_') return (user) => valuesOf(user, raw).length > 0
  const quoted = raw.startsWith('"')
  const wanted = (quoted ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw).toLowerCase()
  if (quoted || !wanted.includes('*')) return (user) => valuesOf(user, field).includes(wanted)
  const parts = wanted.split('*')
  return (user) => valuesOf(user, field).some((value) => matches(value, parts))
}

/** Whether the parts stand in the value in their order, the first at its beginning and the last at its end. */
function matches(value: string, parts: readonly string[]): boolean {
  const first = parts[0] as string
  const last = parts.at(-1) as string
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= value.length - last.length
}

/** Auth0's own names of fields, beside those of Harmony. */
const ALIASES: Readonly<Record<string, string>> = {
  user_id: 'id',
  email_verified: 'emailVerified',
  given_name: 'givenName',
  family_name: 'familyName',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  app_metadata: 'appMetadata',
  user_metadata: 'userMetadata',
}

/** What stands at `app_metadata.role`, as texts without case; of a list, each item. */
export function valuesOf(user: Readonly<Record<string, unknown>>, field: string): string[] {
  let value: unknown = user
  for (const step of field.split('.')) {
    if (typeof value !== 'object' || value === null) return []
    const key = ALIASES[step] ?? step
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  }
  const items = Array.isArray(value) ? value : [value]
  return items.filter((item) => item !== undefined && item !== null).map((item) => String(item).toLowerCase())
}

/** Harmony's name of a field. */
export function fieldOf(name: string): string {
  return ALIASES[name] ?? name
}

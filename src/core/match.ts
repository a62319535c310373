/** Which calls are meant; what is absent matches anything. */
export interface Match {
  room?: string | undefined
  operation?: string | undefined
  /** A user's name, id or address as the call gives it. */
  user?: string | undefined
  client?: string | undefined
  /** A part of the input. */
  input?: Record<string, unknown> | undefined
}

export function matches(
  { room, operation, user, client, input }: Match,
  call: { room: string; operation: string; input: unknown },
): boolean {
  if (room !== undefined && room !== call.room) return false
  if (operation !== undefined && operation !== call.operation) return false
  if (user !== undefined && !mentions(call.input, USER, user)) return false
  if (client !== undefined && !mentions(call.input, CLIENT, client)) return false
  return input === undefined || differences(call.input, input).length === 0
}

const USER = /^(user_?(name|id)?|email)$/i
const CLIENT = /^client_?id$/i

/** Whether a member with such a name, at most three levels down, has this value. */
function mentions(input: unknown, name: RegExp, value: string, depth = 3): boolean {
  if (typeof input !== 'object' || input === null || depth === 0) return false
  return Object.entries(input).some(([key, member]) => (name.test(key) && member === value) || mentions(member, name, value, depth - 1))
}

export interface Difference {
  path: string
  expected: unknown
  actual: unknown
}

/** Where `whole` does not hold what `part` says: members must be equal, objects likewise, lists in order. */
export function differences(whole: unknown, part: unknown, path = ''): Difference[] {
  if (typeof part !== 'object' || part === null) return whole === part ? [] : [{ path, expected: part, actual: whole }]
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole) !== Array.isArray(part))
    return [{ path, expected: part, actual: whole }]
  return Object.entries(part).flatMap(([key, expected]) => {
    const actual = Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : undefined
    return differences(actual, expected, path === '' ? key : `${path}.${key}`)
  })
}

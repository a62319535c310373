import type { ProtoField } from '../../contract/proto.ts'
import { contract, json, methodOf, type Name } from '../contract/index.ts'
import { invalid } from '../validation.ts'

interface Updating {
  /** The method whose request carries the mask. */
  name: Name
  input: object
  /** What there is now. */
  doc: object
  /** What may be updated, of the request's members. */
  members: readonly string[]
  /** Members that keep their value when no mask names them and none is given (yandex-idp 10). */
  keep?: readonly string[]
}

/**
 * What an update changes: whole new values of the document's members, null for those that go. With a mask only what it names, at any
 * depth; without one, or with an empty one, every member, and what is not given is reset (yandex-idp 4 and 10). Paths that name the thing itself are ignored.
 */
export function patchOf({ name, input, doc, members, keep = [] }: Updating): Record<string, unknown> {
  const given = input as Record<string, unknown>
  const before = doc as Record<string, unknown>
  const { updateMask } = given
  if (typeof updateMask !== 'string' || updateMask === '') {
    const all = members.filter((member) => given[member] !== undefined || !keep.includes(member))
    return Object.fromEntries(all.map((member) => [member, given[member] ?? null]))
  }

  const { request } = methodOf(name)
  const patch: Record<string, unknown> = {}
  for (const path of updateMask.split(',')) {
    const [first = '', ...rest] = path.split('.')
    if (json.field(request, first)?.required === true && !members.includes(first)) continue
    if (!members.includes(first) || !exists(request, [first, ...rest])) {
      throw invalid([{ field: 'update_mask', description: `Unknown path ${path}` }])
    }
    const current = Object.hasOwn(patch, first) ? patch[first] : before[first]
    patch[first] = laid(request, current, given[first], [first, ...rest]) ?? null
  }
  return patch
}

/** `current` with what `given` has at the path below its own member. */
function laid(type: string, current: unknown, given: unknown, [member = '', next, ...rest]: string[]): unknown {
  const field = json.field(type, member)
  if (next === undefined || field === undefined) return given
  const from = (given ?? {}) as Record<string, unknown>
  const to = { ...((current ?? {}) as Record<string, unknown>) }
  const value = laid(field.type, to[next], from[next], [next, ...rest])
  if (value === undefined) delete to[next]
  else {
    for (const other of rivals(field.type, next)) delete to[other]
    to[next] = value
  }
  return to
}

/** The other members of the same oneof: setting one replaces them. */
function rivals(type: string, member: string): string[] {
  const chosen = json.field(type, member)?.oneof ?? null
  const fields: ProtoField[] = contract.messages[type]?.fields ?? []
  return chosen === null
    ? []
    : fields.filter(({ oneof, jsonName }) => oneof === chosen && jsonName !== member).map(({ jsonName }) => jsonName)
}

function exists(type: string, [member = '', ...rest]: string[]): boolean {
  const field = json.field(type, member)
  if (field === undefined) return false
  if (rest.length === 0) return true
  return field.kind === 'map' ? rest.length === 1 : field.kind === 'message' && !field.repeated && exists(field.type, rest)
}

import { type ProtoContract, type ProtoField, range } from './proto.ts'

/** A broken rule of the contract; the room words it. */
export interface Violation {
  /** In the contract's own names, with indexes: `hosts[0].mount_path`. */
  path: string
  rule: 'required' | 'exactlyOne' | 'length' | 'pattern' | 'size' | 'value' | 'mapKey'
  /** The rule's own text: `<=50`, a pattern, a range. */
  limit: string
}

/**
 * What a canonical message (proto-json.ts) breaks of its contract's rules, in the contract's order. `applies` leaves members of the
 * outermost message out: what an update mask does not name is not looked at.
 */
export function violationsOf(
  contract: ProtoContract,
  type: string,
  value: Record<string, unknown>,
  applies: (field: ProtoField) => boolean = () => true,
): Violation[] {
  const found: Violation[] = []
  message(contract, type, value, '', applies, found)
  return found
}

function message(
  contract: ProtoContract,
  type: string,
  value: Record<string, unknown>,
  path: string,
  applies: (field: ProtoField) => boolean,
  found: Violation[],
): void {
  const definition = contract.messages[type]
  if (definition === undefined) return
  for (const field of definition.fields) {
    if (!applies(field)) continue
    const place = path === '' ? field.name : `${path}.${field.name}`
    const item = value[field.jsonName]
    if (field.required && (item === undefined || isZero(contract, field, item))) {
      found.push({ path: place, rule: 'required', limit: 'true' })
      continue
    }
    rules(contract, field, item, place, found)
  }
  for (const { name, exactlyOne } of definition.oneofs) {
    const set = definition.fields.filter(({ oneof, jsonName }) => oneof === name && value[jsonName] !== undefined)
    if (exactlyOne && set.length !== 1) found.push({ path: path === '' ? name : `${path}.${name}`, rule: 'exactlyOne', limit: 'true' })
  }
}

/** A required text inside a oneof may have been given as an empty one. */
function isZero(contract: ProtoContract, field: ProtoField, value: unknown): boolean {
  return value === '' || (field.kind === 'enum' && contract.enums[field.type]?.[value as string] === 0)
}

function rules(contract: ProtoContract, field: ProtoField, value: unknown, path: string, found: Violation[]): void {
  if (field.kind === 'map') {
    const entries = Object.entries((value ?? {}) as Record<string, unknown>)
    count(field, entries.length, path, found)
    for (const [key, item] of entries) {
      const { length = null, pattern = null } = field.mapKey ?? {}
      if (!fits(key, length) || !matches(key, pattern)) {
        found.push({ path: `${path}[${key}]`, rule: 'mapKey', limit: pattern ?? length ?? '' })
      }
      one(contract, field, item, `${path}[${key}]`, found)
    }
  } else if (field.repeated) {
    const items = (value ?? []) as unknown[]
    count(field, items.length, path, found)
    for (const [index, item] of items.entries()) one(contract, field, item, `${path}[${index}]`, found)
  } else if (value !== undefined) {
    one(contract, field, value, path, found)
  }
}

function count(field: ProtoField, length: number, path: string, found: Violation[]): void {
  const [fewest, most] = range(field.size)
  if (length < (fewest ?? 0) || length > (most ?? Number.POSITIVE_INFINITY)) {
    found.push({ path, rule: 'size', limit: field.size as string })
  }
}

function one(contract: ProtoContract, field: ProtoField, value: unknown, path: string, found: Violation[]): void {
  if (typeof value === 'string') {
    if (!fits(value, field.length)) found.push({ path, rule: 'length', limit: field.length as string })
    if (!matches(value, field.pattern)) found.push({ path, rule: 'pattern', limit: field.pattern as string })
    if (field.value !== null && !within(field.type, value, field.value)) found.push({ path, rule: 'value', limit: field.value })
  } else if (field.kind === 'message' && typeof value === 'object' && value !== null) {
    message(contract, field.type, value as Record<string, unknown>, path, () => true, found)
  }
}

/** Characters are code points. */
function fits(text: string, length: string | null): boolean {
  const [shortest, longest] = range(length)
  if (text.length < (shortest ?? 0) && [...text].length < (shortest ?? 0)) return false
  return text.length <= (longest ?? Number.POSITIVE_INFINITY) || [...text].length <= (longest as number)
}

const patterns = new Map<string, RegExp>()

/** The whole value must match. */
function matches(text: string, pattern: string | null): boolean {
  if (pattern === null) return true
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    compiled = new RegExp(`^(?:${pattern})$`, 'u')
    patterns.set(pattern, compiled)
  }
  return compiled.test(text)
}

function within(type: string, value: string, limit: string): boolean {
  const cut = limit.indexOf('-', 1)
  const [low, high] = [limit.slice(0, cut), limit.slice(cut + 1)]
  if (type === 'google.protobuf.Duration') {
    const seconds = Number(value.slice(0, -1))
    return seconds >= span(low) && seconds <= span(high)
  }
  if (type === 'google.protobuf.Timestamp') {
    const time = compact(value)
    return time >= low && time <= high
  }
  return BigInt(value) >= BigInt(low) && BigInt(value) <= BigInt(high)
}

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600 }

/** `15m`, `8760h` in seconds. */
function span(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? Number.NaN)
}

/** A canonical time as ranges write it, which compares as text: `20260102T030405.000000000`. */
function compact(time: string): string {
  const [whole = '', fraction = ''] = time.slice(0, -1).split('.')
  return `${whole.replace(/[-:]/g, '')}.${fraction.padEnd(9, '0')}`
}

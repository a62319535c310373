import type { ProtoContract, ProtoField, ProtoMessage } from './proto.ts'

/** A value that is not of the contract's type, or a member that no message has. */
export class Misfit extends Error {
  /** In the contract's own names, with indexes: `hosts[0].mount_path`. */
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.name = 'Misfit'
    this.path = path
  }
}

interface Known {
  message: ProtoMessage
  /** By both names. */
  fields: Map<string, ProtoField>
}

/**
 * The proto3 JSON mapping for one contract. The canonical form, which handlers see and documents hold: lowerCamelCase names, int64 as
 * decimal text, enums by name, UTC times, members that hold their default left out.
 */
export class ProtoJson {
  readonly #contract: ProtoContract
  readonly #known = new Map<string, Known>()

  constructor(contract: ProtoContract) {
    this.#contract = contract
  }

  /**
   * JSON as clients write it, made canonical: either name of a field, numbers where text stands for one, enums by number. `text` is for
   * query strings, where every scalar is text. Throws `Misfit`.
   */
  read(type: string, value: unknown, options: { text?: boolean } = {}): Record<string, unknown> {
    return this.#object(type, value, '', options.text === true) as Record<string, unknown>
  }

  /** The same without what JSON of this API does not print: members that hold their default, unless `everything`. In the contract's order. */
  print(
    type: string,
    value: unknown,
    options: { everything?: boolean; always?: Readonly<Record<string, readonly string[]>> } = {},
  ): unknown {
    return this.#print(type, value, options.everything === true, options.always ?? {})
  }

  /** The field of a message by either of its names. */
  field(type: string, name: string): ProtoField | undefined {
    return this.#of(type)?.fields.get(name)
  }

  #of(type: string): Known | undefined {
    let known = this.#known.get(type)
    if (known === undefined) {
      const message = this.#contract.messages[type]
      if (message === undefined) return undefined
      const fields = new Map(message.fields.flatMap((field) => [[field.name, field] as const, [field.jsonName, field] as const]))
      known = { message, fields }
      this.#known.set(type, known)
    }
    return known
  }

  #object(type: string, value: unknown, path: string, text: boolean): unknown {
    const wellKnown = WELL_KNOWN[type]
    if (wellKnown !== undefined) return wellKnown(value, path)
    const known = this.#of(type)
    if (known === undefined) throw new Error(`no message ${type}`)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misfit(path, 'Expected an object')
    const out: Record<string, unknown> = {}
    const chosen = new Map<string, string>()
    for (const [name, item] of Object.entries(value)) {
      const field = known.fields.get(name)
      const place = join(path, field?.name ?? name)
      if (field === undefined) throw new Misfit(place, 'Unknown field')
      if (item === null || item === undefined) continue
      if (Object.hasOwn(out, field.jsonName)) throw new Misfit(place, 'The field is given twice')
      if (field.oneof !== null) {
        const other = chosen.get(field.oneof)
        if (other !== undefined) throw new Misfit(place, `Only one of the fields ${other}, ${field.name} may be set`)
        chosen.set(field.oneof, field.name)
      }
      const read = this.#field(field, item, place, text)
      if (field.oneof !== null || !isDefault(this.#contract, field, read)) out[field.jsonName] = read
    }
    return out
  }

  #field(field: ProtoField, value: unknown, path: string, text: boolean): unknown {
    if (field.kind === 'map') {
      if (typeof value !== 'object' || Array.isArray(value)) throw new Misfit(path, 'Expected an object')
      const { valueKind = 'scalar', value: type = 'string' } = field.map ?? {}
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, this.#one(valueKind, type, item, `${path}[${key}]`, text)]),
      )
    }
    if (!field.repeated) return this.#one(field.kind, field.type, value, path, text)
    const items = text && !Array.isArray(value) ? [value] : value
    if (!Array.isArray(items)) throw new Misfit(path, 'Expected a list')
    return items.map((item, index) => this.#one(field.kind, field.type, item, `${path}[${index}]`, text))
  }

  #one(kind: string, type: string, value: unknown, path: string, text: boolean): unknown {
    if (kind === 'message') return this.#object(type, text ? fromText(type, value) : value, path, text)
    if (kind === 'enum') return this.#enum(type, value, path, text)
    const scalar = SCALARS[type]
    if (scalar === undefined) throw new Error(`no reader for the scalar ${type}`)
    return scalar(text ? fromText(type, value) : value, path)
  }

  #enum(type: string, value: unknown, path: string, text: boolean): string {
    const names = this.#contract.enums[type] ?? {}
    if (typeof value === 'string' && Object.hasOwn(names, value)) return value
    const number = text && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    const named = typeof number === 'number' ? Object.keys(names).find((name) => names[name] === number) : undefined
    if (named === undefined) throw new Misfit(path, `Unknown value ${JSON.stringify(value)}`)
    return named
  }

  #print(type: string, value: unknown, everything: boolean, always: Readonly<Record<string, readonly string[]>>): unknown {
    if (type === 'google.protobuf.Any') {
      const { '@type': url, ...rest } = value as { '@type': string }
      const inner = url.slice(url.lastIndexOf('/') + 1)
      return { '@type': url, ...(WELL_KNOWN[inner] === undefined ? (this.#print(inner, rest, everything, always) as object) : rest) }
    }
    const known = this.#of(type)
    if (known === undefined) return value
    const from = value as Record<string, unknown>
    const out: Record<string, unknown> = {}
    for (const field of known.message.fields) {
      const item = from[field.jsonName]
      const forced = everything ? field.kind !== 'message' && field.oneof === null : always[type]?.includes(field.name) === true
      if (item === undefined || item === null) {
        if (forced) out[field.jsonName] = defaultOf(this.#contract, field)
      } else if (forced || everything || field.oneof !== null || !isDefault(this.#contract, field, item)) {
        out[field.jsonName] = this.#printField(field, item, everything, always)
      }
    }
    return out
  }

  #printField(field: ProtoField, value: unknown, everything: boolean, always: Readonly<Record<string, readonly string[]>>): unknown {
    if (field.kind !== 'message') return value
    return field.repeated
      ? (value as unknown[]).map((item) => this.#print(field.type, item, everything, always))
      : this.#print(field.type, value, everything, always)
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** What a field holds when nobody set it; messages have no default, they are there or not. */
function defaultOf(contract: ProtoContract, field: ProtoField): unknown {
  if (field.repeated) return []
  if (field.kind === 'map') return {}
  if (field.kind === 'enum') {
    const names = contract.enums[field.type] ?? {}
    return Object.keys(names).find((name) => names[name] === 0)
  }
  if (field.type === 'bool') return false
  if (field.type === 'int64') return '0'
  return field.type === 'int32' ? 0 : ''
}

function isDefault(contract: ProtoContract, field: ProtoField, value: unknown): boolean {
  if (field.repeated) return Array.isArray(value) && value.length === 0
  if (field.kind === 'map') return Object.keys(value as object).length === 0
  return field.kind !== 'message' && value === defaultOf(contract, field)
}

type Reader = (value: unknown, path: string) => unknown

const SCALARS: Record<string, Reader> = {
  string: (value, path) => (typeof value === 'string' ? value : misfit(path, 'Expected a string')),
  bool: (value, path) => (typeof value === 'boolean' ? value : misfit(path, 'Expected a boolean')),
  int32: (value, path) => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > 2 ** 31) return misfit(path, 'Expected an int32')
    return number
  },
  int64: (value, path) => {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
    if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return misfit(path, 'Expected an int64')
    const number = BigInt(text)
    return BigInt.asIntN(64, number) === number ? String(number) : misfit(path, 'Expected an int64')
  },
}

const WELL_KNOWN: Record<string, Reader> = {
  'google.protobuf.Timestamp': (value, path) => {
    const time = typeof value === 'string' ? timestamp(value) : undefined
    return time ?? misfit(path, 'Expected an RFC 3339 timestamp')
  },
  'google.protobuf.Duration': (value, path) => {
    const match = typeof value === 'string' ? /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(value) : null
    if (match === null) return misfit(path, 'Expected a duration in seconds, such as "600s"')
    const fraction = shorten(match[3] ?? '')
    return `${match[1]}${BigInt(match[2] as string)}${fraction}s`
  },
  'google.protobuf.FieldMask': (value, path) =>
    typeof value === 'string' ? mask(value) : misfit(path, 'Expected a field mask as a string'),
  'google.protobuf.BoolValue': (value, path) => SCALARS.bool?.(value, path),
  'google.protobuf.Int64Value': (value, path) => SCALARS.int64?.(value, path),
  'google.protobuf.Empty': (value, path) => {
    if (typeof value !== 'object' || value === null) return misfit(path, 'Expected an object')
    const [stranger] = Object.keys(value)
    return stranger === undefined ? {} : misfit(join(path, stranger), 'Unknown field')
  },
  'google.protobuf.Any': (value, path) => {
    const any = value as { '@type'?: unknown } | null
    return typeof any === 'object' && any !== null && typeof any['@type'] === 'string'
      ? any
      : misfit(path, 'Expected an object with "@type"')
  },
}

function misfit(path: string, message: string): never {
  throw new Misfit(path, message)
}

/** Scalars in a query string. */
function fromText(type: string, value: unknown): unknown {
  if (type !== 'bool' && type !== 'google.protobuf.BoolValue') return value
  return value === 'true' ? true : value === 'false' ? false : value
}

/** In lowerCamelCase, whichever names the client wrote. */
function mask(text: string): string {
  return text
    .split(',')
    .map((path) => path.trim().replace(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase()))
    .filter((path) => path !== '')
    .join(',')
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/

/** In UTC, with 0, 3, 6 or 9 digits of fraction; undefined if it is not an RFC 3339 time of the years 1 to 9999. */
export function timestamp(text: string): string | undefined {
  const match = RFC_3339.exec(text)
  if (match === null) return undefined
  const [, date = '', time = '', fraction = '', zone = ''] = match
  const whole = Date.parse(`${date}T${time}${zone.toUpperCase()}`)
  if (Number.isNaN(whole) || whole < FIRST || whole > LAST) return undefined
  // Date.parse lets the 31st of February through as a day of March.
  if (new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().slice(0, 10) !== date) return undefined
  return `${new Date(whole).toISOString().slice(0, 19)}${shorten(fraction)}Z`
}

const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59Z')

function shorten(fraction: string): string {
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? '' : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`
}

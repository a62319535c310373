import type { Method, ProtoField } from '../../src/contract/proto.ts'
import { contract } from '../../src/yandex/contract/index.ts'

export type Sample = Record<string, unknown>

/** Texts for the patterns of the contract; the first that fits is taken. */
const TEXTS = ['nope', 'a@b', '1']

/** The smallest request that keeps the contract's rules; every id is `nope`. */
export function sample(type: string): Sample {
  const message = contract.messages[type]
  if (message === undefined) return {}
  const out: Sample = {}
  const chosen = new Set<string>()
  for (const field of message.fields) {
    const { exactlyOne } = message.oneofs.find(({ name }) => name === field.oneof) ?? {}
    const first = exactlyOne === true && !chosen.has(field.oneof ?? '')
    if (first) chosen.add(field.oneof ?? '')
    const filled = field.repeated && field.size !== null && !/^(<=|0-)/.test(field.size)
    if (!(field.required || first || filled)) continue
    out[field.jsonName] = field.repeated ? [fill(field)] : fill(field)
  }
  return out
}

export function fill(field: ProtoField): unknown {
  if (field.kind === 'message') return WELL_KNOWN[field.type] ?? sample(field.type)
  if (field.kind === 'enum') return Object.keys(contract.enums[field.type] ?? {})[1]
  if (field.type === 'bool') return true
  if (field.type === 'int64') return '1'
  return TEXTS.find((text) => field.pattern === null || new RegExp(`^(?:${field.pattern})$`, 'u').test(text))
}

const WELL_KNOWN: Record<string, unknown> = {
  'google.protobuf.Timestamp': '2026-01-02T03:04:05Z',
  'google.protobuf.Duration': '3600s',
  'google.protobuf.BoolValue': true,
  'google.protobuf.Int64Value': '1',
  'google.protobuf.FieldMask': '',
}

export interface RestRequest {
  method: string
  url: string
  body?: Sample
}

/** A request as REST says it: some of it in the path, the rest in the query or the body. */
export function restOf(method: Method, input: Sample): RestRequest {
  const { verb, path, body } = method.http as { verb: string; path: string; body: string | null }
  const rest = { ...input }
  const url = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const field = contract.messages[method.request]?.fields.find((field) => field.name === name) as ProtoField
    const value = rest[field.jsonName]
    delete rest[field.jsonName]
    return encodeURIComponent(String(value))
  })
  if (body === '*') return { method: verb, url, body: rest }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) {
    for (const item of [value].flat()) if (item !== undefined) query.append(name, String(item))
  }
  return { method: verb, url: query.size === 0 ? url : `${url}?${query}` }
}

export interface Broken {
  /** The field, as a violation names it. */
  field: string
  rule: string
  input: Sample
}

/** The request with one rule broken at a time, at any depth. */
export function broken(method: Method): Broken[] {
  const whole = sample(method.request)
  return breaches(method.request, 0).map(({ field, rule, change }) => ({ field, rule, input: change(structuredClone(whole)) }))
}

interface Breach {
  field: string
  rule: string
  change: (value: Sample) => Sample
}

function breaches(type: string, depth: number): Breach[] {
  const message = contract.messages[type]
  if (message === undefined || depth > 3) return []
  const found: Breach[] = []
  for (const field of message.fields) {
    const { name, jsonName } = field
    const set = (rule: string, value: unknown, at = name): Breach => ({
      field: at,
      rule,
      change: (whole) => {
        // The other arm of its oneof goes.
        for (const other of message.fields) if (field.oneof !== null && other.oneof === field.oneof) delete whole[other.jsonName]
        return { ...whole, [jsonName]: value }
      },
    })
    const item = field.repeated ? `${name}[0]` : name
    const wrap = (value: unknown) => (field.repeated ? [value] : value)
    const longest = /(\d+)$/.exec(field.length ?? '')?.[1]
    if (field.required) found.push({ ...set('required', undefined) })
    if (field.kind === 'map') {
      if (field.length !== null) found.push(set('length of a value', { a: 'x'.repeat(Number(longest) + 1) }, `${name}[a]`))
      if (field.mapKey !== null) found.push(set('key', { '-': 'x' }, `${name}[-]`))
      if (field.size !== null) found.push(set('size', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, 'x'])), name))
      continue
    }
    if (field.kind === 'scalar' && field.type === 'string') {
      if (longest !== undefined) found.push(set('length', wrap('x'.repeat(Number(longest) + 1)), item))
      if (field.pattern !== null) found.push(set('pattern', wrap('\n'), item))
    }
    if (field.value !== null) {
      found.push(
        set('value', field.type.endsWith('Duration') ? '99999999s' : field.type.endsWith('Timestamp') ? '2999-01-01T00:00:00Z' : '1001'),
      )
    }
    if (field.size !== null) {
      const [low, high] = /^<=/.test(field.size) ? ['0', field.size.slice(2)] : field.size.split('-')
      if (low !== '0') found.push(set('size', []))
      found.push(
        set(
          'size',
          Array.from({ length: Number(high) + 1 }, () => fill(field)),
        ),
      )
    }
    if (field.kind === 'message' && WELL_KNOWN[field.type] === undefined) {
      for (const inner of breaches(field.type, depth + 1)) {
        found.push({
          field: `${item}.${inner.field}`,
          rule: inner.rule,
          change: (whole) => set('', wrap(inner.change(sample(field.type)))).change(whole),
        })
      }
    }
  }
  for (const { name, exactlyOne } of message.oneofs) {
    if (!exactlyOne) continue
    const arms = message.fields.filter(({ oneof }) => oneof === name)
    found.push({
      field: name,
      rule: 'exactly one',
      change: (whole) => Object.fromEntries(Object.entries(whole).filter(([key]) => !arms.some(({ jsonName }) => jsonName === key))),
    })
  }
  return found
}

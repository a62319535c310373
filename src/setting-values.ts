import { duration } from './core/clock.ts'
import { limitsOf } from './core/limits.ts'

/** Answers the value, or throws; its `schema` says the same to editors. */
export type Parser = ((raw: unknown) => unknown) & { schema?: Readonly<Record<string, unknown>> }

/** What a value must be, and is not. */
export class Invalid extends Error {}

export function describing(parse: (raw: unknown) => unknown, schema: Readonly<Record<string, unknown>>): Parser {
  return Object.assign((raw: unknown) => parse(raw), { schema })
}

/** Of a room's setting, as far as its words say it. */
export function schemaOf(values: string): Readonly<Record<string, unknown>> {
  if (values === 'true|false') return { type: 'boolean' }
  return /^[\w.-]+(\|[\w.-]+)+$/.test(values) ? { enum: values.split('|') } : {}
}

export function fail(rule: string): never {
  throw new Invalid(rule)
}

text.schema = { type: 'string' }
boolean.schema = { type: 'boolean' }
span.schema = { type: ['string', 'integer'] }
instant.schema = { type: ['string', 'number'] }
urls.schema = { type: ['string', 'array'], items: { type: 'string', format: 'uri' } }
mailServer.schema = { type: 'string', pattern: '^smtps?://' }
url.schema = { type: 'string', format: 'uri' }
code.schema = { type: ['string', 'integer'], pattern: '^\\d{1,32}$' }
codes.schema = { type: ['string', 'integer', 'object'], additionalProperties: { type: ['string', 'integer'] } }
rates.schema = { type: ['string', 'object'], additionalProperties: { type: 'string', pattern: '^\\d+/' } }
size.schema = { type: ['integer', 'boolean'], minimum: 0 }

export function text(raw: unknown): string {
  return (typeof raw === 'string' && raw !== '') || typeof raw === 'number' ? String(raw) : fail('a text')
}

export function boolean(raw: unknown): boolean {
  if (raw === true || raw === 'true' || raw === '1') return true
  return raw === false || raw === 'false' || raw === '0' ? false : fail('true or false')
}

export function listOf(thing: string): Parser {
  const parse = (raw: unknown) => {
    if (Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return raw
    return typeof raw === 'string' ? raw.split(',').filter((item) => item !== '') : fail(`a ${thing} or a list of ${thing}s`)
  }
  return describing(parse, { type: ['string', 'array'], items: { type: 'string' } })
}

const CODE = /^\d{1,32}$/

export function code(raw: unknown): string {
  return CODE.test(String(raw)) ? String(raw) : fail('a code of digits')
}

export function rates(raw: unknown): Readonly<Record<string, string>> {
  return limitsOf(raw) ?? fail('rates by operation or vendor, like InitiateAuth=5/s')
}

const MOST_KEPT = 1_000_000

/** `false` for none: what `--no-journal` says. */
export function size(raw: unknown): number {
  if (raw === false || raw === 'false') return 0
  return whole(0, MOST_KEPT)(raw) as number
}

export function codes(raw: unknown): Readonly<Record<string, string>> {
  const rule = 'a code of digits, or codes by address like +15550100=123456'
  if ((typeof raw === 'string' && !raw.includes('=')) || typeof raw === 'number') {
    return CODE.test(String(raw)) ? { '*': String(raw) } : fail(rule)
  }
  if (typeof raw === 'string') return codes(Object.fromEntries(raw.split(',').map((pair) => pair.split('=', 2))))
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return fail(rule)
  const entries = Object.entries(raw).map(([to, code]) => [to, String(code)] as const)
  return entries.every(([, code]) => CODE.test(code)) ? Object.fromEntries(entries) : fail(rule)
}

export function span(raw: unknown): number {
  const time = typeof raw === 'number' ? raw : duration(String(raw))
  return time !== undefined && time > 0 ? time : fail('a time like 10m, 90s or 1h')
}

export function instant(raw: unknown): number {
  const time = typeof raw === 'number' ? raw : Date.parse(String(raw))
  return Number.isFinite(time) ? time : fail('a time like 2026-01-01T00:00:00Z')
}

export function url(raw: unknown): string {
  const rule = 'a URL with http or https and without a query'
  if (typeof raw !== 'string' || !/^https?:\/\/[^/?#]+/.test(raw) || /[?#]/.test(raw) || !URL.canParse(raw)) return fail(rule)
  return raw.replace(/\/+$/, '')
}

export function urls(raw: unknown): readonly string[] {
  return (listOf('URL')(raw) as readonly string[]).map(url)
}

export function mailServer(raw: unknown): string {
  const good = typeof raw === 'string' && /^smtps?:\/\/[^/]/.test(raw) && URL.canParse(raw)
  return good ? raw : fail('a URL like smtp://localhost:1025')
}

export function whole(from: number, to: number): Parser {
  const parse = (raw: unknown) => {
    const value = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw
    return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
      ? value
      : fail(`a whole number from ${from} to ${to}`)
  }
  return describing(parse, { type: 'integer', minimum: from, maximum: to })
}

export function oneOf(words: readonly string[]): Parser {
  const parse = (raw: unknown) => (typeof raw === 'string' && words.includes(raw) ? raw : fail(`one of ${words.join(', ')}`))
  return describing(parse, { enum: words })
}

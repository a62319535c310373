import type { ErrorObject, SchemaObject } from '../contract/schema.ts'

/** A JSON Schema and the TypeScript type of what it admits: Harmony's interfaces are declared once, for both. */
export interface Schema<T> {
  readonly json: SchemaObject
  /** Never there: it carries the type. */
  readonly of?: T
  /** Of an object: its members, so that several can be put together. */
  readonly members?: Members
}

export interface Members {
  required: Record<string, Schema<unknown>>
  optional: Record<string, Schema<unknown>>
  open: boolean
}

export type Of<S> = S extends Schema<infer T> ? T : never

type Fields = Record<string, Schema<unknown>>
type Built<R extends Fields, O extends Fields> = { [K in keyof R]: Of<R[K]> } & { [K in keyof O]?: Of<O[K]> | undefined }

export const text: Schema<string> = { json: { type: 'string' } }
/** A text that says something: where the documentation requires a value, an empty one is no value. */
export const filled: Schema<string> = { json: { type: 'string', minLength: 1 } }
export const flag: Schema<boolean> = { json: { type: 'boolean' } }
export const anything: Schema<unknown> = { json: {} }
export const bag: Schema<Record<string, unknown>> = { json: { type: 'object', additionalProperties: true } }

export function integer(minimum: number, maximum: number): Schema<number> {
  return { json: { type: 'integer', minimum, maximum } }
}

export function word<const T extends string>(...values: T[]): Schema<T> {
  return { json: { type: 'string', enum: values } }
}

/** A text of a form that has a name: `says` ends the sentence "… is not". */
export function form(pattern: string, says: string): Schema<string> {
  return { json: { type: 'string', pattern, description: says } }
}

export function list<T>(item: Schema<T>): Schema<T[]> {
  return { json: { type: 'array', items: item.json } }
}

export function either<A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> {
  return { json: { anyOf: [one.json, other.json] } }
}

export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  return { json: { ...schema.json, type: [schema.json.type as string, 'null'] } }
}

export function titled<T>(title: string, schema: Schema<T>): Schema<T> {
  return { ...schema, json: { title, ...schema.json } }
}

/** The answer is a page; the wire sends what it holds. */
export const html: Schema<{ html: string }> = {
  json: { type: 'object', properties: { html: { type: 'string' } }, required: ['html'], additionalProperties: false },
}

/** An object of these members and no other. */
export function object<const R extends Fields, const O extends Fields = Record<never, never>>(
  required: R,
  optional: O = {} as O,
): Schema<Built<R, O>> {
  return { json: jsonOf({ required, optional, open: false }), members: { required, optional, open: false } }
}

/** The documentation's `[key: string]: any`: these members, and any other. */
export function indexable<const R extends Fields, const O extends Fields = Record<never, never>>(
  required: R,
  optional: O = {} as O,
): Schema<Built<R, O> & { [key: string]: unknown }> {
  return { json: jsonOf({ required, optional, open: true }), members: { required, optional, open: true } }
}

export function jsonOf({ required, optional, open }: Members): SchemaObject {
  const properties = Object.fromEntries([...Object.entries(required), ...Object.entries(optional)].map(([key, { json }]) => [key, json]))
  return {
    type: 'object',
    properties,
    ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
    additionalProperties: open,
  }
}

/** Bodies that a word in them tells apart (`provider`); absent, it is the first. */
export interface Choice<T> extends Schema<T> {
  readonly by: string
  readonly branches: Readonly<Record<string, Schema<unknown>>>
}

type Branches<K extends string, B extends Record<string, Schema<unknown>>> = {
  [P in keyof B]: { [Q in K]: P } & Of<B[P]>
}[keyof B]

export function choice<const K extends string, const B extends Record<string, Schema<unknown>>>(
  by: K,
  branches: B,
): Choice<Branches<K, B>> {
  const [standard] = Object.keys(branches)
  const oneOf = Object.entries(branches).map(([name, branch]) => {
    const { required = {}, optional = {}, open = false } = branch.members ?? {}
    const told: Members =
      name === standard
        ? { required, optional: { [by]: word(name), ...optional }, open }
        : { required: { [by]: word(name), ...required }, optional, open }
    return jsonOf(told)
  })
  return { json: { type: 'object', oneOf }, by, branches }
}

const TYPES: Record<string, string> = {
  string: 'a string',
  boolean: 'a boolean',
  integer: 'an integer',
  number: 'a number',
  object: 'an object',
  array: 'an array',
}

/** What is wrong, in one sentence that names the field; harmony-auth 6 knows no text of the service's own. */
export function sentence(error: ErrorObject): string {
  const { keyword, schema, parentSchema } = error
  const path = pathOf(error)
  switch (keyword) {
    case 'required':
    case 'minLength':
      return `${path} is required`
    case 'type': {
      const type = (Array.isArray(schema) ? (schema as string[]) : [String(schema)]).filter((name) => name !== 'null')
      return `${path === '' ? 'the body' : path} must be ${type.map((name) => TYPES[name] ?? name).join(' or ')}`
    }
    case 'enum':
      return `${path} must be one of ${(schema as string[]).join(', ')}`
    case 'minimum':
    case 'maximum':
      return `${path} must be from ${parentSchema?.minimum} to ${parentSchema?.maximum}`
    case 'pattern':
      return `${path} is not ${parentSchema?.description ?? 'well-formed'}`
    case 'additionalProperties':
      return `${path} is not documented`
    default:
      return `${path} ${error.message}`
  }
}

export function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'required') steps.push(String(params.missingProperty))
  if (keyword === 'additionalProperties') steps.push(String(params.additionalProperty))
  return steps.join('.')
}

/** Reads the texts of a form or a query as what the schema says they are; what does not fit is left for the check to refuse. */
export function coerce(value: unknown, schema: SchemaObject): unknown {
  const types: string[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (typeof value === 'string') {
    if (types.includes('boolean') && (value === 'true' || value === 'false')) return value === 'true'
    if (types.includes('integer') && /^-?\d{1,15}$/.test(value)) return Number(value)
    if (types.includes('array')) return [value]
    return value
  }
  if (Array.isArray(value)) return value.map((item) => coerce(item, (schema.items ?? {}) as SchemaObject))
  if (typeof value !== 'object' || value === null) return value
  const properties = (schema.properties ?? {}) as Record<string, SchemaObject>
  const fallback = typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as SchemaObject) : {}
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, coerce(item, (Object.hasOwn(properties, key) ? properties[key] : fallback) ?? {})]),
  )
}

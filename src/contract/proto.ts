import type { SchemaObject } from 'ajv'

/** The facts of an API described by protocol buffers, as in `contract.json`: services with their REST bindings, messages, enums. */
export interface ProtoContract {
  services: ProtoService[]
  messages: Record<string, ProtoMessage>
  /** Value names to numbers. */
  enums: Record<string, Record<string, number>>
}

export interface ProtoService {
  fullName: string
  methods: ProtoMethod[]
}

export interface ProtoMethod {
  name: string
  request: string
  response: string
  clientStreaming: boolean
  serverStreaming: boolean
  http: { verb: string; path: string; body: string | null } | null
  /** What a long-running operation carries, for methods that answer one. */
  operation: { metadata: string; response: string } | null
}

export interface ProtoMessage {
  /** The file that defines it. */
  file: string
  fields: ProtoField[]
  oneofs: { name: string; exactlyOne: boolean }[]
}

export interface ProtoField {
  name: string
  jsonName: string
  number: number
  type: string
  kind: 'scalar' | 'message' | 'enum' | 'map'
  repeated: boolean
  map: { key: string; value: string; valueKind: string } | null
  oneof: string | null
  required: boolean
  /** Characters of a string, of each element, of each value: `<=50`, `1-253`. */
  length: string | null
  pattern: string | null
  /** A range of numbers, durations or times. */
  value: string | null
  /** How many elements. */
  size: string | null
  mapKey: { length?: string; pattern?: string } | null
  deprecated?: boolean
}

/** A method with the name its operation has here. */
export interface Method extends ProtoMethod {
  operationName: string
  service: string
}

/**
 * Operations by name: `Service.Method`, and where two services share a short name the last part of their package that is not a
 * version stands in front: `idp.UserService.Create`, `oauth.ApplicationService.Get`.
 */
export function methodsOf(contract: ProtoContract): Map<string, Method> {
  const shorts = contract.services.map(({ fullName }) => last(fullName))
  const methods = new Map<string, Method>()
  for (const { fullName, methods: own } of contract.services) {
    const short = last(fullName)
    const shared = shorts.filter((other) => other === short).length > 1
    const prefix = shared ? `${home(fullName)}.${short}` : short
    for (const method of own) {
      const operationName = `${prefix}.${method.name}`
      methods.set(operationName, { ...method, operationName, service: fullName })
    }
  }
  return methods
}

function last(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1)
}

/** The last part of the package that is not a version. */
export function home(fullName: string): string {
  return (
    fullName
      .split('.')
      .filter((part) => /^[a-z]/.test(part) && !/^v\d+\w*$/.test(part))
      .at(-1) ?? ''
  )
}

/** `{user_id}` must not swallow the `:verb` that another binding has behind it. */
const WITHOUT_VERB = '(^[^:]+)'
const ANYTHING = '(.+)'

/** A binding's path as the router writes it, among all of them: `/users/:user_id(^[^:]+)::suspend`. */
export function routeOf(path: string, all: readonly string[]): string {
  const verbed = path.includes(':') || all.some((other) => shape(other).startsWith(`${shape(path)}:`))
  const param = verbed ? WITHOUT_VERB : ANYTHING
  return path.replaceAll(':', '::').replace(/\{(\w+)\}/g, (_whole, name: string) => `:${name}${param}`)
}

function shape(path: string): string {
  return path.replace(/\{\w+\}/g, '{}')
}

/** `user_id` as JSON names it. */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase())
}

const WELL_KNOWN: Record<string, SchemaObject> = {
  'google.protobuf.Timestamp': { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?\\d+(\\.\\d{1,9})?s$' },
  'google.protobuf.FieldMask': { type: 'string' },
  'google.protobuf.BoolValue': { type: ['boolean', 'null'] },
  'google.protobuf.Int64Value': { type: ['string', 'null'], pattern: '^-?\\d+$' },
  'google.protobuf.Any': { type: 'object', properties: { '@type': { type: 'string' } }, required: ['@type'] },
  'google.protobuf.Empty': { type: 'object', additionalProperties: false },
}

const SCALARS: Record<string, SchemaObject> = {
  string: { type: 'string' },
  bytes: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer' },
  int64: { type: 'string', pattern: '^-?\\d+$' },
}

/** The messages as JSON Schemas of their proto3 JSON form, referring to each other by full name. What they do not list is a violation. */
export function schemasOf(contract: ProtoContract): SchemaObject[] {
  const schemas: SchemaObject[] = Object.entries(WELL_KNOWN).map(([$id, schema]) => ({ $id, ...schema }))
  for (const [$id, names] of Object.entries(contract.enums)) schemas.push({ $id, type: 'string', enum: Object.keys(names) })
  for (const [$id, { fields, oneofs }] of Object.entries(contract.messages)) {
    const required = fields.filter(({ required }) => required).map(({ jsonName }) => jsonName)
    const choices = oneofs
      .filter(({ exactlyOne }) => exactlyOne)
      .map(({ name }) => ({ oneOf: fields.filter(({ oneof }) => oneof === name).map(({ jsonName }) => ({ required: [jsonName] })) }))
    schemas.push({
      $id,
      type: 'object',
      properties: Object.fromEntries(
        fields.map((field) => [field.jsonName, field.deprecated === true ? outdated(schemaOf(field)) : schemaOf(field)]),
      ),
      additionalProperties: false,
      ...(required.length === 0 ? {} : { required }),
      ...(choices.length === 0 ? {} : { allOf: choices }),
    })
  }
  return schemas
}

function outdated(schema: SchemaObject): SchemaObject {
  return { ...schema, deprecated: true }
}

function schemaOf(field: ProtoField): SchemaObject {
  const [fewest, most] = range(field.size)
  if (field.kind === 'map') {
    return {
      type: 'object',
      additionalProperties: constrained(field, single(field.map?.valueKind ?? 'scalar', field.map?.value ?? 'string')),
      ...(most === undefined ? {} : { maxProperties: most }),
      ...(field.mapKey === null ? {} : { propertyNames: constrained({ ...field, ...KEY, ...field.mapKey }, { type: 'string' }) }),
    }
  }
  const item = constrained(field, single(field.kind, field.type))
  if (!field.repeated) return item
  return {
    type: 'array',
    items: item,
    ...(fewest === undefined || fewest === 0 ? {} : { minItems: fewest }),
    ...(most === undefined ? {} : { maxItems: most }),
  }
}

const KEY = { length: null, pattern: null, value: null }

function single(kind: string, type: string): SchemaObject {
  return kind === 'scalar' ? (SCALARS[type] ?? unknownScalar(type)) : { $ref: type }
}

function unknownScalar(type: string): never {
  throw new Error(`no schema for the scalar ${type}`)
}

function constrained(field: Pick<ProtoField, 'length' | 'pattern'>, schema: SchemaObject): SchemaObject {
  if (schema.type !== 'string') return schema
  const [shortest, longest] = range(field.length)
  return {
    ...schema,
    ...(shortest === undefined || shortest === 0 ? {} : { minLength: shortest }),
    ...(longest === undefined ? {} : { maxLength: longest }),
    ...(typeof field.pattern === 'string' ? { pattern: `^(?:${field.pattern})$` } : {}),
  }
}

/** `<=50` or `1-253` as numbers. */
export function range(text: string | null | undefined): [number | undefined, number | undefined] {
  if (text === null || text === undefined) return [undefined, undefined]
  if (text.startsWith('<=')) return [undefined, Number(text.slice(2))]
  const [low, high] = text.split('-', 2)
  return [Number(low), Number(high)]
}

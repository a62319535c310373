import type { AwsContract } from './aws.ts'
import { type Method, methodsOf, type ProtoContract, type ProtoField } from './proto.ts'
import { packageOf, packagesIn } from './proto-files.ts'

/** What two contracts are compared by: names. */
export interface Model {
  operations: Map<string, { errors: Set<string> | undefined }>
  /** Members by type. */
  types: Map<string, Set<string>>
  /** Values by type. */
  enums: Map<string, Set<string>>
  /** What else is said of an operation, a field, a value, where a model says more than names: `field Type.name` → `number` → `3`. */
  facts?: Map<string, Readonly<Record<string, string>>>
}

export interface Drift {
  what: 'operation' | 'field' | 'error' | 'value'
  /** As seen from the contract here: the model has it and the contract not, or the other way round. */
  change: 'added' | 'removed' | 'changed'
  name: string
  /** Of what changed: `number: 3 → 4`. */
  facts?: readonly string[]
}

/** In what a model is no longer the contract. Types that only one of them has follow from fields and operations, and are not told. */
export function driftOf(contract: Model, model: Model): Drift[] {
  const found: Drift[] = []
  const compare = (what: Drift['what'], ours: Iterable<string>, theirs: Iterable<string>, name: (one: string) => string) => {
    const [known, now] = [new Set(ours), new Set(theirs)]
    for (const one of [...now].sort()) if (!known.has(one)) found.push({ what, change: 'added', name: name(one) })
    for (const one of [...known].sort()) if (!now.has(one)) found.push({ what, change: 'removed', name: name(one) })
  }
  compare('operation', contract.operations.keys(), model.operations.keys(), (one) => one)
  for (const [name, { errors }] of contract.operations) {
    const theirs = model.operations.get(name)?.errors
    if (errors !== undefined && theirs !== undefined) compare('error', errors, theirs, (one) => `${name}: ${one}`)
  }
  for (const part of ['types', 'enums'] as const) {
    for (const [type, ours] of contract[part]) {
      const theirs = model[part].get(type)
      if (theirs !== undefined) compare(part === 'types' ? 'field' : 'value', ours, theirs, (one) => `${type}.${one}`)
    }
  }
  for (const [key, ours] of contract.facts ?? []) {
    const theirs = model.facts?.get(key)
    const [what, name] = key.split(' ', 2) as [Drift['what'], string]
    const facts = Object.keys({ ...ours, ...theirs }).filter((fact) => theirs !== undefined && ours[fact] !== theirs[fact])
    if (facts.length === 0) continue
    found.push({
      what,
      change: 'changed',
      name,
      facts: facts.map((fact) => `${fact}: ${ours[fact] ?? 'none'} → ${theirs?.[fact] ?? 'none'}`),
    })
  }
  return found
}

/** A contract as it lies in `contract.json`, or a service model as botocore has it. Undefined if it is neither. */
export function modelOf(document: unknown): Model | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  if ('operations' in document && 'shapes' in document) return awsModel(document as AwsContract)
  if ('services' in document && 'messages' in document) return protoModel(document as ProtoContract)
  return undefined
}

/** Names are texts in our facts, and objects with a `shape` in botocore's. */
type Named = string | { shape: string }

function awsModel({ operations, shapes }: AwsContract): Model {
  const named = (one: Named) => (typeof one === 'string' ? one : one.shape)
  const types = new Map<string, Set<string>>()
  const enums = new Map<string, Set<string>>()
  for (const [name, { type, members, enum: values, exception }] of Object.entries(shapes)) {
    if (type === 'structure' && exception !== true) types.set(name, new Set(Object.keys(members ?? {})))
    if (values !== undefined) enums.set(name, new Set(values))
  }
  const errorsOf = (errors: readonly Named[] = []) => new Set(errors.map(named))
  return {
    operations: new Map(Object.entries(operations).map(([name, { errors }]) => [name, { errors: errorsOf(errors) }])),
    types,
    enums,
  }
}

function protoModel(contract: ProtoContract, nameOf: NameOf = (method) => method.operationName): Model {
  const facts: NonNullable<Model['facts']> = new Map()
  const operations: Model['operations'] = new Map()
  for (const method of methodsOf(contract).values()) {
    const name = nameOf(method)
    operations.set(name, { errors: undefined })
    facts.set(`operation ${name}`, factsOfMethod(method))
  }
  for (const [type, { fields, oneofs }] of Object.entries(contract.messages)) {
    for (const field of fields) {
      const exactly = oneofs.some(({ name, exactlyOne }) => name === field.oneof && exactlyOne)
      facts.set(`field ${type}.${field.name}`, factsOfField(field, exactly))
    }
  }
  for (const [type, values] of Object.entries(contract.enums)) {
    for (const [value, number] of Object.entries(values)) facts.set(`value ${type}.${value}`, { number: String(number) })
  }
  return {
    operations,
    types: new Map(Object.entries(contract.messages).map(([name, { fields }]) => [name, new Set(fields.map((field) => field.name))])),
    enums: new Map(Object.entries(contract.enums).map(([name, values]) => [name, new Set(Object.keys(values))])),
    facts,
  }
}

type NameOf = (method: Method) => string

/** What is absent, false or empty is none of them. */
function factsIn(all: Readonly<Record<string, string | boolean | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value === true ? 'yes' : value]] : [])))
}

function factsOfMethod({ request, response, clientStreaming, serverStreaming, http, operation }: Method): Record<string, string> {
  return factsIn({
    request,
    response,
    'streams requests': clientStreaming,
    'streams responses': serverStreaming,
    http: http === null ? null : `${http.verb} ${http.path}`,
    body: http?.body,
    'operation metadata': operation?.metadata,
    'operation response': operation?.response,
  })
}

function factsOfField(field: ProtoField, exactlyOne: boolean): Record<string, string> {
  const { number, type, repeated, oneof, required, length, pattern, value, size, mapKey, deprecated } = field
  return factsIn({
    number: String(number),
    type,
    repeated,
    oneof,
    'exactly one': exactlyOne,
    required,
    length,
    pattern,
    value,
    size,
    'length of keys': mapKey?.length,
    'pattern of keys': mapKey?.pattern,
    deprecated,
  })
}

export interface ProtoDrift {
  drift: Drift[]
  compared: { operations: number; types: number }
  /** Services of the same packages that the contract leaves out: it is a choice of them. */
  left: string[]
  /** Packages of the contract that the files say nothing of. */
  absent: string[]
}

/** As `driftOf`, of a folder of files: only services that the contract has, where the files speak of their packages at all. */
export function protoDrift(contract: ProtoContract, published: ProtoContract): ProtoDrift {
  const told = packagesIn(published)
  const speaks = ({ fullName }: { fullName: string }) => told.has(packageOf(fullName))
  const ours = { ...contract, services: contract.services.filter(speaks) }
  const names = new Set(contract.services.map(({ fullName }) => fullName))
  const theirs = { ...published, services: published.services.filter(({ fullName }) => names.has(fullName)) }
  const prefixes = new Map([...methodsOf(contract).values()].map((one) => [one.service, one.operationName.slice(0, -one.name.length - 1)]))
  const nameOf: NameOf = ({ service, name }) => `${prefixes.get(service)}.${name}`
  const model = protoModel(theirs, nameOf)
  const packages = packagesIn({ ...contract, messages: {} })
  return {
    drift: driftOf(protoModel(ours, nameOf), model),
    compared: {
      operations: model.operations.size,
      types: Object.keys(contract.messages).filter((name) => name in published.messages).length,
    },
    left: published.services.map(({ fullName }) => fullName).filter((name) => !names.has(name) && packages.has(packageOf(name))),
    absent: [...packages].filter((name) => !told.has(name)),
  }
}

/** The texts of an AWS SDK package (JavaScript, version 3): its declarations of commands and of models. */
export interface SdkTexts {
  commands: readonly string[]
  models: readonly string[]
}

export function sdkModel({ commands, models }: SdkTexts): Model {
  const model: Model = { operations: new Map(), types: new Map(), enums: new Map() }
  for (const text of commands) {
    const name = /export declare class (\w+)Command extends/.exec(text)?.[1]
    if (name === undefined) continue
    const errors = [...text.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)].map(([, error]) => error as string)
    model.operations.set(name, { errors: new Set(errors) })
  }
  for (const text of models) {
    for (const [, name, body] of text.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)) {
      const members = [...(body as string).matchAll(/^ {4}(\w+)\??:/gm)].map(([, member]) => member as string)
      model.types.set(name as string, new Set(members))
    }
    for (const [, name, body] of text.matchAll(/export declare const (\w+): \{([^}]*)\}/g)) {
      const values = [...(body as string).matchAll(/readonly \w+: "([^"]*)"/g)].map(([, value]) => value as string)
      model.enums.set(name as string, new Set(values))
    }
  }
  return model
}

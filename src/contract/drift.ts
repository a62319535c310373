import type { AwsContract } from './aws.ts'
import { methodsOf, type ProtoContract } from './proto.ts'

/** What two contracts are compared by: names. */
export interface Model {
  operations: Map<string, { errors: Set<string> | undefined }>
  /** Members by type. */
  types: Map<string, Set<string>>
  /** Values by type. */
  enums: Map<string, Set<string>>
}

export interface Drift {
  what: 'operation' | 'field' | 'error' | 'value'
  /** As seen from the contract here: the model has it and the contract not, or the other way round. */
  change: 'added' | 'removed'
  name: string
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

function protoModel(contract: ProtoContract): Model {
  return {
    operations: new Map([...methodsOf(contract).keys()].map((name) => [name, { errors: undefined }])),
    types: new Map(Object.entries(contract.messages).map(([name, { fields }]) => [name, new Set(fields.map((field) => field.name))])),
    enums: new Map(Object.entries(contract.enums).map(([name, values]) => [name, new Set(Object.keys(values))])),
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

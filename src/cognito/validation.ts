import type { Shape } from '../contract/aws.ts'
import type { ErrorObject } from '../contract/schema.ts'
import { Refusal } from '../core/refusal.ts'
import { contract, requests } from './contract/index.ts'
import { hashed, javaText, latin, memberName } from './java-text.ts'

/**
 * Checks raw input against an operation's shape and words what is wrong as the service does: a wrong JSON type is a
 * SerializationException, broken constraints are listed in one InvalidParameterException (cognito-behaviour W11, V1 to V5).
 */
export function admit(name: string, raw: unknown): unknown {
  const id = contract.operations[name]?.input ?? null
  if (id === null) return {}
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw serialization('structure', raw)
  const absent = absentNumbers(id, raw)
  const errors = requests.check(id, absent === undefined ? raw : { ...raw, ...absent })
  if (errors.length === 0) return raw

  const wrongType = errors.find(({ keyword }) => keyword === 'type')
  if (wrongType !== undefined) throw serialization(String(wrongType.schema), wrongType.data)

  const sentences = violations(id, raw, errors)
  const count = sentences.length
  throw new Refusal('InvalidParameterException', `${count} validation error${count === 1 ? '' : 's'} detected: ${sentences.join('; ')}`)
}

/**
 * Sizes of pages that the service reads as 0 where they are left out, and then finds too small: so say aws-sdk-js-v3#2335, and for
 * resource servers, whose contract calls it optional, aws-cli#5843.
 */
const NEVER_ABSENT: ReadonlySet<string> = new Set(['PoolQueryLimitType', 'ListResourceServersLimitType'])

/** Members of such a size, by the input that they are of. */
const sizes = new Map<string, readonly string[]>()

function sizesOf(id: string): readonly string[] {
  let names = sizes.get(id)
  if (names === undefined) {
    const members = Object.entries(shapeOf(id).members ?? {})
    names = members.filter(([, { shape }]) => NEVER_ABSENT.has(shape)).map(([name]) => name)
    sizes.set(id, names)
  }
  return names
}

function absentNumbers(id: string, raw: object): Record<string, 0> | undefined {
  const names = sizesOf(id)
  if (names.length === 0) return undefined
  const absent = names.filter((name) => !Object.hasOwn(raw, name))
  return absent.length === 0 ? undefined : Object.fromEntries(absent.map((name) => [name, 0]))
}

/** Texts of the service's JSON reader; seen for numbers in public threads (pmill/aws-cognito#10), the others by the same reader. */
function serialization(expected: string, value: unknown): Refusal {
  return new Refusal('SerializationException', serializationText(expected, value))
}

function serializationText(expected: string, value: unknown): string {
  if (Array.isArray(value)) return 'Start of list found where not expected'
  if (typeof value === 'object') return 'Start of structure or map found where not expected.'
  if (expected === 'object' || expected === 'structure' || expected === 'array') return 'Unexpected field type'
  return `class ${javaClass(value)} can not be converted to an ${JAVA_NAMES[expected] ?? 'String'}`
}

const JAVA_NAMES: Record<string, string> = { string: 'String', integer: 'Integer', boolean: 'Boolean', number: 'Date' }

function javaClass(value: unknown): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean'
  return typeof value === 'number' ? 'com.amazon.coral.value.json.numbers.TruncatingBigNumber' : 'java.lang.String'
}

interface Violation {
  /** Where each step of the path stands in its shape: violations are listed in the contract's order. */
  order: number[]
  rank: number
  sentence: string
}

function violations(id: string, raw: object, errors: ErrorObject[]): string[] {
  const found = new Map<string, Violation>()
  const lists = new Set<string>()
  for (const error of errors) {
    const violation = toViolation(id, raw, error, lists)
    if (violation !== undefined && !found.has(violation.sentence)) found.set(violation.sentence, violation)
  }
  return [...found.values()].sort(inOrder).map(({ sentence }) => sentence)
}

function inOrder(a: Violation, b: Violation): number {
  for (let i = 0; i < Math.max(a.order.length, b.order.length); i++) {
    const difference = (a.order[i] ?? -1) - (b.order[i] ?? -1)
    if (difference !== 0) return difference
  }
  return a.rank - b.rank
}

/** `lists` are those that were told of already: one sentence, as long as the list, stands for all that is wrong with its items. */
function toViolation(id: string, raw: object, error: ErrorObject, lists: Set<string>): Violation | undefined {
  const { keyword, instancePath, params } = error
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'required') {
    const place = follow(id, [...steps, String(params.missingProperty)])
    return { order: place.order, rank: 0, sentence: sentence('null', place.path, 'Member must not be null') }
  }
  if (keyword === 'propertyNames') {
    const place = follow(id, steps)
    const rule = `Map keys must satisfy constraint: [${allRules(shapeOf(place.shape.key)).join(', ')}]`
    return { order: place.order, rank: 9, sentence: sentence(shown(place, error.data), place.path, rule) }
  }
  if (error.propertyName !== undefined) return undefined

  const place = follow(id, steps)
  const [rank, rule] = ruleOf(keyword, place.shape)
  // A scalar inside a list or map is named by its list, with every rule that it had to keep.
  if (place.within !== undefined) {
    if (lists.has(place.within.path)) return undefined
    lists.add(place.within.path)
    const word = place.within.shape.type === 'map' ? 'Map value' : 'Member'
    const all = `${word} must satisfy constraint: [${allRules(place.shape).join(', ')}]`
    return {
      order: place.within.order,
      rank: 9,
      sentence: sentence(shown(place.within, valueAt(raw, steps.slice(0, -1))), place.within.path, all),
    }
  }
  return { order: place.order, rank, sentence: sentence(shown(place, error.data), place.path, rule) }
}

interface Place {
  name: string
  shape: Shape
  path: string
  order: number[]
  sensitive: boolean
  /** The list or map that this scalar is an item of. */
  within?: Place | undefined
}

function follow(id: string, steps: string[]): Place {
  let place: Place = { name: id, shape: shapeOf(id), path: '', order: [], sensitive: false }
  for (const step of steps) {
    const { shape, path, order, sensitive } = place
    if (shape.type === 'structure') {
      const members = Object.keys(shape.members ?? {})
      const name = shape.members?.[step]?.shape ?? ''
      const next = shapeOf(name)
      const named = memberName(step)
      place = {
        name,
        shape: next,
        path: path === '' ? named : `${path}.${named}`,
        order: [...order, members.indexOf(step)],
        sensitive: sensitive || next.sensitive === true,
      }
    } else {
      const name = (shape.type === 'list' ? shape.member : shape.value) ?? ''
      const next = shapeOf(name)
      const scalar = next.type !== 'structure' && next.type !== 'list' && next.type !== 'map'
      place = {
        name,
        shape: next,
        path: shape.type === 'list' ? `${path}.${Number(step) + 1}.member` : `${path}.${step}.member`,
        order: [...order, Number.isNaN(Number(step)) ? 0 : Number(step)],
        sensitive: sensitive || next.sensitive === true,
        within: scalar ? place : undefined,
      }
    }
  }
  return place
}

function shapeOf(name: string | undefined): Shape {
  const shape = name === undefined ? undefined : contract.shapes[name]
  if (shape === undefined) throw new Error(`no shape ${name}`)
  return shape
}

/** What is printed for the value, or undefined for what is never printed. */
function shown(place: Place, value: unknown): string | undefined {
  return place.sensitive || holdsSensitive(place.name) ? undefined : `'${latin(javaText(value, place.name))}'`
}

/** Whether somewhere inside is what is never printed. */
function holdsSensitive(name: string, within: readonly string[] = []): boolean {
  const { sensitive, member, key, value, members = {} } = contract.shapes[name] ?? {}
  if (sensitive === true) return true
  const inner = [member, key, value, ...Object.values(members).map(({ shape }) => shape)].filter((shape) => shape !== undefined)
  return inner.some((shape) => !within.includes(shape) && holdsSensitive(shape, [...within, name]))
}

function sentence(value: string | undefined, path: string, rule: string): string {
  return `Value ${value === undefined ? '' : `${value} `}at '${path}' failed to satisfy constraint: ${rule}`
}

function valueAt(raw: unknown, steps: string[]): unknown {
  return steps.reduce((value, step) => (value as Record<string, unknown>)[step], raw)
}

/** The rule as worded, and its rank among several on one member: lengths before patterns, as seen in public logs. */
function ruleOf(keyword: string, shape: Shape): [number, string] {
  switch (keyword) {
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return [2, `Member must have length greater than or equal to ${shape.min}`]
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return [1, `Member must have length less than or equal to ${shape.max}`]
    case 'minimum':
      return [2, `Member must have value greater than or equal to ${shape.min}`]
    case 'maximum':
      return [1, `Member must have value less than or equal to ${shape.max}`]
    case 'pattern':
      return [3, `Member must satisfy regular expression pattern: ${shape.pattern}`]
    case 'enum':
      return [4, `Member must satisfy enum value set: [${hashed(shape.enum ?? []).join(', ')}]`]
    default:
      throw new Error(`no words for ${keyword}`)
  }
}

function allRules(shape: Shape): string[] {
  const keywords = [
    shape.max !== undefined && (shape.type === 'integer' || shape.type === 'long' ? 'maximum' : 'maxLength'),
    shape.min !== undefined && (shape.type === 'integer' || shape.type === 'long' ? 'minimum' : 'minLength'),
    shape.pattern !== undefined && 'pattern',
    shape.enum !== undefined && 'enum',
  ]
  return keywords.filter((keyword) => keyword !== false).map((keyword) => ruleOf(keyword, shape)[1])
}

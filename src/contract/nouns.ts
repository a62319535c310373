import type { Namespace } from '../core/namespace.ts'
import type { SchemaObject } from './schema.ts'

/** Something that a fixture's author must mend, found while a thing was put into calls. */
export class Untold extends Error {}

/** A call that a noun of a fixture stands for. Its texts may refer to answers: `${up…}` of the thing around it, `${self…}` of itself. */
export interface Spoken {
  call: string
  input: Record<string, unknown>
  /** The key of the noun that it comes of, for messages. */
  from?: string | undefined
  pins?: readonly string[] | undefined
}

/** One thing as a fixture tells it. */
export interface Told {
  /** Members of the creating call's input, as written. */
  members: Readonly<Record<string, unknown>>
  /** What was said by the noun's own keys. */
  // biome-ignore lint/suspicious/noExplicitAny: as the noun's own schemas say; checked before.
  own: Readonly<Record<string, any>>
  /** The folder of the fixture's file. */
  folder: string
  /** A reference to a part of the answer of a thing told beside or around this one; throws `Untold` if there is none of that name. */
  refer(noun: string, name: string, path: string): string
}

/** What a thing comes to: calls before it, the input of the one that makes it, calls after it. */
export interface Speech {
  /** Where another call makes it this time. */
  call?: string
  before?: readonly Spoken[]
  input?: Readonly<Record<string, unknown>>
  /** `input` is all of the input: nothing is added of what was told. */
  whole?: boolean
  pins?: readonly string[]
  after?: readonly Spoken[]
}

/** A kind of thing that fixtures can tell of beside calls (`pools:`), in the words of the call that makes one. */
export interface Noun {
  /** In messages and reports: `pool`. */
  title: string
  /** The operation that makes one; its input's members are the noun's own. */
  call: string
  /** The member of the input whose members are told, where the input has an envelope. */
  under?: string
  /** Members that follow from where it stands. */
  given?: Readonly<Record<string, unknown>>
  /** Keys that are no members of the input, with what they may be. */
  own?: Readonly<Record<string, SchemaObject>>
  speak?(told: Told): Speech
  /** Things in it, in the order in which they are made. */
  inside?: Readonly<Record<string, Noun>>
  /** The member that a bare text in its place stands for, and by which others refer to it. */
  name: string
  /** What generated people come to where no template says otherwise, and how columns of a CSV file are read. */
  people?: { template: Readonly<Record<string, unknown>>; columns(name: string): readonly string[] }
}

/** Runs an operation as fixtures do; undefined if it is refused. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever operation.
export type Ask = (operation: string, input: unknown) => Promise<any>

export interface Tools {
  ask: Ask
  namespace: Namespace
  /** Whether the thing of that identity was made or met by an earlier call of this go. */
  met(identity: string): boolean
}

export interface Found {
  /** In the form of the creating call's answer. */
  answer: unknown
  /** The thing as it is, to be compared and shown. */
  thing: Readonly<Record<string, unknown>>
}

/** How what a call makes is found again, and made to be as a fixture says: what lets a fixture be applied twice. */
export interface Upsert {
  /** What it is called in a report: `alice`. */
  label(input: Readonly<Record<string, unknown>>): string
  /** It sets something of a thing rather than making one. */
  sets?: boolean
  /** What must be there before it; if one of these was made in this go, it cannot be there yet. */
  within(input: Readonly<Record<string, unknown>>): readonly string[]
  /** What others are within that are in it. */
  identity?(answer: unknown, input: Readonly<Record<string, unknown>>): string
  /** For what sets something: undefined unless it is as wanted. */
  find(input: Readonly<Record<string, unknown>>, pins: readonly string[], tools: Tools): Promise<Found | undefined>
  /** The calls that make it as wanted, with what they change; none if it is. */
  change?(found: Found, input: Readonly<Record<string, unknown>>, tools: Tools): Changes
  remove?(found: Found, input: Readonly<Record<string, unknown>>): readonly Spoken[]
}

export interface Changes {
  /** `MfaConfiguration: OFF → ON` */
  fields: readonly string[]
  calls: readonly Spoken[]
  /** What is otherwise and cannot be changed any more. */
  fixed?: readonly string[]
}

export interface Difference {
  name: string
  from: unknown
  to: unknown
}

/** The members of `wanted` that `present` has not, or has otherwise. Objects are compared by what `wanted` says of them. */
export function differences(wanted: Readonly<Record<string, unknown>>, present: Readonly<Record<string, unknown>>): Difference[] {
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && !holds(present[name], value))
    .map(([name, to]) => ({ name, from: present[name], to }))
}

/** Whether `present` is what `wanted` says; a text that names a time of its own is taken to be. */
export function holds(present: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'string' && /\$\{now/.test(wanted)) return true
  if (Array.isArray(wanted)) {
    if (!Array.isArray(present)) return wanted.length === 0 && present === undefined
    if (present.length !== wanted.length) return false
    if (wanted.every((item) => typeof item !== 'object')) {
      const [a, b] = [present.map(String).sort(), wanted.map(String).sort()]
      return a.every((item, index) => item === b[index])
    }
    return wanted.every((item) => present.some((other) => holds(other, item)))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const there = (typeof present === 'object' && present !== null ? present : {}) as Record<string, unknown>
    return Object.entries(wanted).every(([key, value]) => value === undefined || holds(there[key], value))
  }
  if (wanted === false || wanted === '') return present === undefined || String(present) === String(wanted)
  return String(present) === String(wanted)
}

export function toldDifference({ name, from, to }: Difference): string {
  return `${name}: ${shown(from)} → ${shown(to)}`
}

const MOST = 60

function shown(value: unknown): string {
  if (value === undefined) return '(none)'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}

/** The members of `from` that are there and that `keys` names. */
export function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]))
}

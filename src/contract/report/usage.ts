import { createHash } from 'node:crypto'
import { wallClock } from '../../core/clock.ts'
import { DEFAULT_NAMESPACE, type Emulator } from '../../core/emulator.ts'
import { holdsMoreThan } from '../../core/extent.ts'
import type { Entry } from '../../core/journal.ts'
import type { Violation } from '../../core/violations.ts'
import { membersOf } from '../members.ts'
import { Outline } from '../outline.ts'
import {
  type ContractReport,
  finished,
  merge,
  type OperationUse,
  SCHEMA,
  type UnhandledUse,
  unhandledKey,
  type ViolationUse,
  violationKey,
} from './document.ts'
import { curl, type HttpRequest, type Surface } from './surface.ts'

interface OperationTally {
  vendor: string
  name: string
  calls: number
  ok: number
  errors: Map<string, number>
  fields: Set<string>
  /** Values by field. */
  enums: Map<string, Set<string>>
  /** Of its input. */
  outline?: Outline | undefined
}

type ViolationTally = Omit<ViolationUse, 'curl'> & { request: HttpRequest | undefined }

interface Tally {
  started: number
  operations: Map<string, OperationTally>
  violations: Map<string, ViolationTally>
  unhandled: Map<string, UnhandledUse>
}

export interface UsageOptions {
  emulator: Emulator
  surfaces: readonly Surface[]
  version: string
  seed?: string | undefined
}

/** Calls that test suites do not make themselves. */
const OWN: ReadonlySet<string> = new Set(['fixture', 'internal'])

/** Namespaces that are counted apart; the oldest beyond them are put together. */
const MOST_NAMESPACES = 500
const REST = ''

/** Values of an example; a larger one is no help to anybody. */
const MOST_SHOWN = 1000

/** Kinds of unhandled calls and of violations that a namespace tells apart: anybody can make up names without end. */
const MOST_KINDS = 1000

/** Counts, for each namespace, what calls use of the contracts; from its making on. */
export class Usage {
  readonly #emulator: Emulator
  readonly #surfaces: ReadonlyMap<string, Surface>
  readonly #version: string
  readonly #seed: string | undefined
  readonly #tallies = new Map<string, Tally>()
  #started = wallClock()

  constructor({ emulator, surfaces, version, seed }: UsageOptions) {
    this.#emulator = emulator
    this.#surfaces = new Map(surfaces.map((surface) => [surface.vendor, surface]))
    this.#version = version
    this.#seed = seed
    emulator.listen((entry, namespace) => {
      if (!OWN.has(entry.transport)) this.#hear(entry, namespace)
    })
  }

  /** Of one namespace, or of all of them; curls lead to `base`. */
  report(base: string, namespace?: string): ContractReport {
    if (namespace !== undefined) return this.#document(base, namespace, this.#tallies.get(namespace))
    const [first, ...others] = [...this.#tallies]
    if (first === undefined) return this.#document(base, DEFAULT_NAMESPACE, undefined)
    const document = ([name, tally]: [string, Tally]) => this.#document(base, name, tally)
    return merge([document(first), ...others.map(document)])
  }

  clear(namespace?: string): void {
    if (namespace === undefined) this.#tallies.clear()
    else this.#tallies.delete(namespace)
    if (this.#tallies.size === 0) this.#started = wallClock()
  }

  #hear(entry: Entry, namespace: string): void {
    const tally = this.#tally(namespace)
    const { room: vendor, operation: name, outcome, error, violations = [], unhandled } = entry
    if (outcome === 'unhandled') {
      // Not known at all, or known and not built.
      const came = unhandled ?? { ...this.#surfaces.get(vendor)?.http(name, {}), target: name, nearest: [] }
      const use: UnhandledUse = {
        vendor,
        method: came.method ?? '',
        path: came.path ?? '',
        ...targetOf(came),
        nearest: [...came.nearest],
        count: 0,
      }
      const full = tally.unhandled.size >= MOST_KINDS && !tally.unhandled.has(unhandledKey(use))
      const kind = full ? { vendor, method: '', path: '…', nearest: [], count: 0 } : use
      const kept = tally.unhandled.get(unhandledKey(kind)) ?? kind
      kept.count++
      tally.unhandled.set(unhandledKey(kind), kept)
      for (const violation of violations) this.#noteViolation(tally, violation, entry, namespace)
      return
    }
    const key = `${vendor}:${name}`
    let use = tally.operations.get(key)
    if (use === undefined) {
      use = { vendor, name, calls: 0, ok: 0, errors: new Map(), fields: new Set(), enums: new Map() }
      tally.operations.set(key, use)
    }
    use.calls++
    if (error === undefined) use.ok++
    else use.errors.set(error.name, (use.errors.get(error.name) ?? 0) + 1)
    this.#noteFields(use, entry.input)
    for (const violation of violations) this.#noteViolation(tally, violation, entry, namespace)
  }

  #noteFields(use: OperationTally, input: unknown): void {
    use.outline ??= this.#outline(use)
    use.outline?.walk(input, (member, value) => {
      if (member === undefined) return
      const { general, enum: words } = member
      if (!member.isItem) use.fields.add(general)
      if (words === undefined || !words.includes(value)) return
      const values = use.enums.get(general) ?? new Set()
      use.enums.set(general, values.add(value as string))
    })
  }

  #outline({ vendor, name }: OperationTally): Outline | undefined {
    const surface = this.#surfaces.get(vendor)
    const schema = surface?.request(name)
    return surface === undefined || schema === undefined ? undefined : new Outline(schema, surface.lookup, { spelling: surface.spelling })
  }

  #noteViolation(tally: Tally, violation: Violation, { id, room: vendor, operation, input, mask }: Entry, namespace: string): void {
    const use = { vendor, operation, ...violation, count: 1, namespace, firstJournalId: id }
    const key = violationKey({ ...use, curl: '' })
    const kept = tally.violations.get(key)
    if (kept !== undefined) {
      kept.count++
      return
    }
    if (tally.violations.size >= MOST_KINDS) {
      const other = { ...use, path: '', message: 'and more of other kinds', value: undefined, request: undefined }
      const others = violationKey({ ...other, curl: '' })
      const told = tally.violations.get(others)
      if (told === undefined) tally.violations.set(others, other)
      else told.count++
      return
    }
    const shown = mask === undefined || holdsMoreThan(input, MOST_SHOWN) ? {} : mask(input, 'input')
    const whole = violation.rule === 'unknown-member' ? withMember(shown, violation.path, violation.value) : shown
    tally.violations.set(key, { ...use, request: this.#surfaces.get(vendor)?.http(operation, whole) })
  }

  #tally(namespace: string): Tally {
    let tally = this.#tallies.get(namespace)
    if (tally === undefined) {
      if (namespace !== REST && this.#tallies.size >= MOST_NAMESPACES) this.#foldOldest()
      tally = { started: wallClock(), operations: new Map(), violations: new Map(), unhandled: new Map() }
      this.#tallies.set(namespace, tally)
    }
    return tally
  }

  /** What namespaces of long ago used counts for all, and no longer for each. */
  #foldOldest(): void {
    const rest = this.#tally(REST)
    const oldest = [...this.#tallies].find(([name]) => name !== REST)
    if (oldest === undefined) return
    const [name, tally] = oldest
    this.#tallies.delete(name)
    rest.started = Math.min(rest.started, tally.started)
    for (const [key, use] of tally.operations) {
      const kept = rest.operations.get(key)
      if (kept === undefined) {
        rest.operations.set(key, use)
        continue
      }
      kept.calls += use.calls
      kept.ok += use.ok
      for (const [error, count] of use.errors) kept.errors.set(error, (kept.errors.get(error) ?? 0) + count)
      for (const field of use.fields) kept.fields.add(field)
      for (const [path, values] of use.enums) kept.enums.set(path, new Set([...(kept.enums.get(path) ?? []), ...values]))
    }
    for (const part of ['violations', 'unhandled'] as const) {
      const all = rest[part] as Map<string, { count: number }>
      for (const [key, use] of tally[part]) {
        const kept = all.get(key)
        if (kept === undefined) all.set(key, use)
        else kept.count += use.count
      }
    }
  }

  #document(base: string, namespace: string, tally: Tally | undefined): ContractReport {
    const surfaces = [...this.#surfaces.values()]
    const place = (name: string) => (name === DEFAULT_NAMESPACE ? base : `${base}/~${name}`)
    return finished({
      schema: SCHEMA,
      emulator: this.#version,
      contracts: surfaces.map(({ vendor, version, text }) => ({ vendor, version, sha256: sha256(vendor, text) })),
      started: new Date(tally?.started ?? this.#started).toISOString(),
      finished: new Date(wallClock()).toISOString(),
      mode: this.#mode(namespace, surfaces),
      seed: this.#seed ?? null,
      totals: {
        calls: 0,
        violations: 0,
        unhandled: 0,
        operationsUsed: 0,
        operationsKnown: surfaces.reduce((sum, { operations }) => sum + operations.known.length, 0),
      },
      operations: [...(tally?.operations.values() ?? [])].map((use) => this.#operation(use)),
      violations: [...(tally?.violations.values() ?? [])].map(({ request, ...use }) => ({
        ...use,
        curl: request === undefined ? '' : curl(place(use.namespace), request),
      })),
      unhandled: [...(tally?.unhandled.values() ?? [])],
    })
  }

  #operation({ vendor, name, calls, ok, errors, fields, enums }: OperationTally): OperationUse {
    const surface = this.#surfaces.get(vendor)
    const schema = surface?.request(name)
    const members = surface === undefined || schema === undefined ? [] : membersOf(schema, surface.lookup)
    const listed = members.map(({ path }) => path).filter((path) => !path.endsWith('[]'))
    const words = members.flatMap(({ path, enum: all }) => {
      if (all === undefined) return []
      const seen = enums.get(path) ?? new Set<string>()
      return [[path, { seen: [...seen].sort(), never: all.filter((word) => !seen.has(word)).sort() }] as const]
    })
    return {
      vendor,
      name,
      calls,
      outcomes: { ok, errors: Object.fromEntries([...errors].sort()) },
      fields: { seen: [...fields].sort(), never: listed.filter((path) => !fields.has(path)).sort() },
      enums: Object.fromEntries(words),
      emulation: surface?.operations.built.has(name) === true ? 'built' : 'none',
    }
  }

  #mode(namespace: string, surfaces: readonly Surface[]): string {
    const open = this.#emulator.open.find(({ name }) => name === namespace)
    const modes = new Set(surfaces.map(({ vendor }) => open?.contractMode(vendor) ?? this.#emulator.fittings.settings.contract))
    return modes.size === 1 ? ([...modes][0] as string) : 'mixed'
  }
}

const hashes = new Map<string, string>()

function sha256(vendor: string, text: () => string): string {
  const hash = hashes.get(vendor) ?? createHash('sha256').update(text()).digest('hex')
  hashes.set(vendor, hash)
  return hash
}

function targetOf({ target }: { target?: string | undefined }): { target?: string } {
  return target === undefined ? {} : { target }
}

/** The value with that member put back: what admitted a call has dropped it. */
function withMember(value: unknown, path: string, member: unknown): unknown {
  const steps = path.match(/[^.[\]]+/g) ?? []
  const copy = structuredClone(value ?? {})
  let inner = copy as Record<string, unknown>
  for (const step of steps.slice(0, -1)) {
    const next = inner[step]
    if (typeof next !== 'object' || next === null) return copy
    inner = next as Record<string, unknown>
  }
  const last = steps.at(-1)
  if (last !== undefined) inner[last] = member
  return copy
}

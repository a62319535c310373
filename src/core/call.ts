import type { Keyring } from './keys.ts'
import type { Namespace } from './namespace.ts'
import type { Message } from './outbox.ts'
import { DIGITS, type Random } from './random.ts'
import { Question, Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import type { ContractMode, Violation } from './violations.ts'

/** Where a call came from, as far as anybody may care. */
export interface Origin {
  transport: 'http' | 'grpc' | 'fixture' | 'internal' | string
  requestId: string
  /** The base URL the caller used, namespace included, without a slash at the end: `http://127.0.0.1:7665/~t1`. */
  base: string
  ip?: string | undefined
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** Identifiers that a fixture fixes beforehand, used up in order by `call.identifier`. */
  pins?: readonly string[] | undefined
  /** When it happens, where that is not now: a fixture's past. Epoch milliseconds. */
  now?: number | undefined
  /** Makes the answer arrive piece by piece, over so many milliseconds; absent where it can only come late. */
  slowly?: ((milliseconds: number) => void) | undefined
}

const MOST_ISSUERS = 100

/** What the run of one call consists of; `Call` and the rooms' own calls are views of it. */
export interface Context {
  readonly namespace: Namespace
  readonly now: number
  readonly random: Random
  readonly count: number
  readonly origin: Origin
  /** To what was asked, by question; none before the first. */
  answers: Map<string, unknown> | undefined
  readonly notes: Record<string, unknown>
  marks: ((call: Call) => void)[]
  /** Outside work that waits for the call's own to be committed. */
  followUps: FollowUp[]
  /** How many of the pinned identifiers are used up. */
  pinned: number
  /** What the vendor tolerates and its contract does not list, found before the handler ran and in its last run. */
  violations: readonly Violation[]
}

export interface FollowUp {
  kind: string
  payload: unknown
  /** Hears the answer; may refuse, although what the call did stays done. */
  hear: (answer: unknown) => void
}

/** What a handler may touch, and nothing else: it may be run again from its first line with the same time and the same chance. */
export class Call<Errors extends string = string> {
  readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  /** Epoch milliseconds, the same for the whole call. */
  get now(): number {
    return this.context.now
  }

  get store(): Store {
    return this.context.namespace.store
  }

  get random(): Random {
    return this.context.random
  }

  get origin(): Origin {
    return this.context.origin
  }

  /** How contract violations are taken here. */
  contractMode(room: string): ContractMode {
    return this.context.namespace.contractMode(room)
  }

  /** Tells of something that the vendor tolerates and its contract does not list. */
  violation(violation: Violation): void {
    this.context.violations = [...this.context.violations, violation]
  }

  get settings(): Settings {
    return this.context.namespace.fittings.settings
  }

  /** What tokens are signed with here. */
  get keyring(): Keyring {
    return this.context.namespace.keyring
  }

  /** Remembers whom a token names as its issuer, for whoever wonders why another address refuses it. */
  issuedBy(issuer: string): string {
    const { issuers } = this.context.namespace
    if (issuers.size < MOST_ISSUERS) issuers.add(issuer)
    return issuer
  }

  /** Refuses with the vendor's own name and sentence; everything the call did is undone. */
  fail(name: Errors, message: string, facts?: Record<string, unknown>): never {
    throw new Refusal(name, message, facts)
  }

  /** What must outlive a refusal (a failed attempt counted), done in a transaction of its own after the call was undone. */
  afterRefusal(mark: (call: Call) => void): void {
    this.context.marks.push(mark)
  }

  /**
   * The answer to slow or outside work: a password hash, a trigger, a passkey check. If it is not there yet the call is undone,
   * the answer awaited without holding anything, and the handler run again. Questions are told apart by the JSON of their payload,
   * or by `about` where the payload may change because of what the answer did meanwhile.
   */
  ask<T>(kind: string, payload: unknown, about: unknown = payload): T {
    const there = this.context.namespace.fittings.atOnce?.(kind, payload)
    if (there !== undefined) return there as T
    const key = keyOf(kind, about)
    const { answers } = this.context
    if (answers?.has(key) !== true) throw new Question(kind, payload, key)
    return answers.get(key) as T
  }

  /** Whether that was asked, and answered, in an earlier run of this call. */
  hasAsked(kind: string, about: unknown): boolean {
    return this.context.answers?.has(keyOf(kind, about)) === true
  }

  /**
   * Outside work that comes after what this call did: asked for once it is committed and can be seen by whoever answers. `hear` may
   * still refuse the call, which undoes nothing any more.
   */
  followUp<T>(kind: string, payload: unknown, hear: (answer: T) => void): void {
    this.context.followUps.push({ kind, payload, hear: hear as FollowUp['hear'] })
  }

  send(message: Message): void {
    this.context.namespace.outbox.add(this.now, message)
  }

  /** Has the room's `settle[kind]` called with `key` and `doc` when the clock, real or advanced, gets to `at`. */
  later(at: number, kind: string, key: string, doc?: unknown): void {
    this.context.namespace.later(at, kind, key, doc)
  }

  cancelLater(kind: string, key: string): void {
    this.context.namespace.cancelLater(kind, key)
  }

  /** A new identifier: the next one a fixture pinned, else one that `make` draws. */
  identifier(make: () => string): string {
    const { pins } = this.context.origin
    const next = this.context.pinned
    if (pins !== undefined && next < pins.length) {
      this.context.pinned = next + 1
      return pins[next] as string
    }
    return make()
  }

  /** A one-time code for somebody of one of these names or addresses: drawn, or the one that was fixed for them, fitted to the length. */
  code(length: number, ...names: (string | undefined)[]): string {
    const codes = { ...this.settings.codes, ...this.context.namespace.codes }
    const fixed = names.map((name) => (name !== undefined && Object.hasOwn(codes, name) ? codes[name] : undefined)).find((code) => code)
    const code = fixed ?? codes['*']
    return code === undefined ? this.random.text(length, DIGITS) : code.repeat(Math.ceil(length / code.length)).slice(0, length)
  }

  /** Says something of the way this call took, for the journal and the log. Never a secret. */
  note(facts: Record<string, unknown>): void {
    Object.assign(this.context.notes, facts)
  }

  /** Runs `inner` in a savepoint: if it refuses, what it did is undone, and the refusal goes on. */
  nested<T>(inner: () => T): T {
    return this.store.atomically(inner)
  }
}

function keyOf(kind: string, about: unknown): string {
  return `${kind}\n${JSON.stringify(about)}`
}

/** A context in which nothing has happened yet. */
export function contextOf(namespace: Namespace, origin: Origin, now: number): Context {
  const { random, count } = namespace.chance.next()
  return { namespace, now, random, count, origin, answers: undefined, marks: [], followUps: [], pinned: 0, notes: {}, violations: NONE }
}

const NONE: readonly Violation[] = Object.freeze([])

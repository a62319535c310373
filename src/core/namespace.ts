import { Call, type Context, contextOf } from './call.ts'
import { Clock, type ClockState, pause } from './clock.ts'
import { due, type Settle } from './due.ts'
import { Faults } from './faults.ts'
import { Journal } from './journal.ts'
import type { Keyring } from './keys.ts'
import { type Exceeded, Limits } from './limits.ts'
import { Outbox } from './outbox.ts'
import { Chance } from './random.ts'
import { Question, type Refusal } from './refusal.ts'
import type { Deferred } from './seeding.ts'
import type { Settings } from './settings.ts'
import { Store } from './store.ts'
import type { ContractMode } from './violations.ts'

/** What rooms bring to every namespace: how their due work is done, and who answers what handlers ask. */
export interface Fittings {
  settings: Settings
  /** By kind of work, `room.noun`. */
  settle: Readonly<Record<string, Settle>>
  /** By kind of question. */
  answer: Readonly<Record<string, Answer>>
  /** By kind of question: those that are about the same may share an answer while a fixture is applied. */
  shared?: Readonly<Record<string, (payload: never) => string>>
  /** By kind of question: answers that handlers only file, and that a fixture's calls need not wait for. */
  deferred?: Readonly<Record<string, Deferred>>
  /** An answer that is there already. */
  atOnce?: (kind: string, payload: unknown) => unknown
  /** By room: how another room's call has one of its operations done inside itself. */
  doors?: Readonly<Record<string, Door>>
  /** Tells whoever runs the emulator. */
  warn?: (text: string) => void
  /** By room: how it refuses who calls too often. */
  throttled?: Readonly<Record<string, (exceeded: Exceeded) => Refusal>>
}

/** Runs an operation by name inside a call that is under way: in its transaction, at its time, undone alone if it refuses. */
export type Door = (name: string, input: unknown, context: Context) => unknown

// biome-ignore lint/suspicious/noExplicitAny: a question's kind decides its payload; `ask` helpers beside each answer are typed.
export type Answer = (payload: any) => Promise<unknown>

export interface NamespaceOptions {
  name: string
  store: Store
  fittings: Fittings
  seed?: string | undefined
  journal?: Journal
}

/** One isolated world: a database holding all vendors, its clock, its chance, its journal and outbox. */
export class Namespace {
  readonly name: string
  readonly store: Store
  fittings: Fittings
  readonly journal: Journal
  readonly outbox: Outbox
  clock: Clock
  chance: Chance
  faults: Faults
  limits: Limits
  /** Contract modes of this namespace alone, by room, `*` for all others. No part of its state: a reset leaves them. */
  contractModes: Readonly<Record<string, ContractMode>> = {}
  /** Whom tokens of this run name as their issuer. */
  readonly issuers = new Set<string>()
  readonly #seed: string | undefined
  /** When the next piece of work falls due, or undefined when that must be looked up. */
  #nextDue: number | undefined
  #settling = false
  #codes: Readonly<Record<string, string>> | undefined
  #keyring: Keyring | undefined
  #keepingUp = false

  constructor({ name, store, fittings, seed, journal }: NamespaceOptions) {
    this.name = name
    this.store = store
    this.fittings = fittings
    this.journal = journal ?? new Journal()
    this.outbox = new Outbox(() => this.store, {
      most: fittings.settings.outbox,
      full: () => fittings.warn?.(`the outbox of ${name} keeps the last ${fittings.settings.outbox} messages; --outbox keeps more`),
    })
    this.#seed = seed
    this.clock = this.#clock()
    this.chance = this.#chance()
    this.faults = new Faults(store)
    this.limits = new Limits(store, fittings.settings.limits)
  }

  /** How a room's contract violations are taken here: as this namespace says, as the room was configured, as all are. */
  contractMode(room: string): ContractMode {
    const { rooms, contract } = this.fittings.settings
    const configured = rooms[room] as { contract?: ContractMode } | undefined
    return this.contractModes[room] ?? this.contractModes['*'] ?? configured?.contract ?? contract
  }

  /** What tokens are signed with here, and which keys before were. */
  get keyring(): Keyring {
    this.#keyring ??= { material: this.fittings.settings.keys, ...(this.#kept<Omit<Keyring, 'material'>>('keys') ?? { turn: 0, kept: [] }) }
    return this.#keyring
  }

  /** Signs with new keys from now on; the old ones still verify, unless they are to be forgotten. */
  rotateKeys({ forget = false }: { forget?: boolean } = {}): Keyring {
    const { turn, kept } = this.keyring
    const next = { turn: turn + 1, kept: forget ? [] : [turn, ...kept] }
    this.store.run(PUT_META, 'keys', JSON.stringify(next))
    this.#keyring = undefined
    return this.keyring
  }

  /** Whether nothing has been filed here yet. */
  get untouched(): boolean {
    return this.store.get<{ n: number }>(FILED)?.n === 0
  }

  /** How much work has yet to fall due. */
  get pending(): number {
    return due.count(this.store)
  }

  /** Puts a snapshot in the place of all state, clock and chance included. The journal goes on. */
  restore(image: Buffer): void {
    this.store.restore(image)
    this.clock = this.#clock()
    this.chance = this.#chance()
    this.faults = new Faults(this.store)
    this.limits = new Limits(this.store, this.fittings.settings.limits)
    this.#codes = undefined
    this.#keyring = undefined
    this.#nextDue = undefined
  }

  /** One-time codes that are fixed here, besides those the emulator was started with. */
  get codes(): Readonly<Record<string, string>> {
    this.#codes ??= JSON.parse(this.store.get<{ value: string }>(GET_META, 'codes')?.value ?? '{}') as Record<string, string>
    return this.#codes
  }

  setCodes(codes: Readonly<Record<string, string>>): void {
    this.store.run(PUT_META, 'codes', JSON.stringify(codes))
    this.#codes = undefined
  }

  /** Another namespace with the same state, in memory, that nobody else sees. */
  copy(image: Buffer = this.store.snapshot()): Namespace {
    const store = new Store({ path: ':memory:' })
    store.restore(image)
    return new Namespace({ name: this.name, store, fittings: this.fittings, seed: this.#seed })
  }

  setClock(change: (clock: Clock) => void): void {
    change(this.clock)
    this.store.run(PUT_META, 'clock', JSON.stringify(this.clock.state))
  }

  later(at: number, kind: string, key: string, doc: unknown): void {
    due.add(this.store, at, kind, key, doc)
    this.#nextDue = undefined
    this.#keepUp(at)
  }

  cancelLater(kind: string, key: string): void {
    due.cancel(this.store, kind, key)
    this.#nextDue = undefined
  }

  /** Does what has fallen due, each piece at its own time and in its own transaction; answers what was done. */
  settle(): { at: number; kind: string; key: string }[] {
    const now = this.clock.now()
    if (this.#settling || (this.#nextDue !== undefined && this.#nextDue > now)) return []
    const done: { at: number; kind: string; key: string }[] = []
    this.#settling = true
    try {
      for (let work = due.next(this.store, now); work !== undefined; work = due.next(this.store, now)) {
        const { seq, at, kind, key, doc } = work
        const settle = this.fittings.settle[kind]
        if (settle === undefined) throw new Error(`nobody settles ${kind}`)
        this.store.atomically(() => {
          due.drop(this.store, seq)
          settle(this.#call(at), { key, doc })
        })
        done.push({ at, kind, key })
      }
      this.#nextDue = due.nextAt(this.store)
      this.#keepUp(this.#nextDue)
    } finally {
      this.#settling = false
    }
    return done
  }

  /**
   * Work due within moments is not left to the next call: so long work, cut into pieces that each name the time of the next, goes on
   * while nobody asks. Only the moment changes at which a piece is done, never its time; a clock that stands still holds it up.
   */
  #keepUp(at: number): void {
    if (this.#keepingUp || at - this.clock.now() > MOMENTS || this.clock.state.frozen !== null) return
    this.#keepingUp = true
    pause(Math.max(at - this.clock.now(), 1))
      .then(() => {
        this.#keepingUp = false
        if (this.store.open) this.settle()
      })
      // What fails here is undone and still due: the next call meets it and says so.
      .catch(() => undefined)
  }

  /** Something done by nobody's call, in a transaction of its own: what the emulator's own API asks for. */
  act<T>(deed: (call: Call) => T): T {
    this.settle()
    return this.store.atomically(() => deed(this.#call(this.clock.now())))
  }

  /** The same, of what asks somebody outside on its way: done over for each answer, as a call's handler is. */
  async actAsking<T>(deed: (call: Call) => T): Promise<T> {
    this.settle()
    const context = contextOf(this, INTERNAL, this.clock.now())
    for (let round = 0; ; round++) {
      context.random.rewind()
      try {
        return this.store.atomically(() => deed(new Call(context)))
      } catch (error) {
        if (!(error instanceof Question) || round === MOST_QUESTIONS) throw error
        const answer = this.fittings.answer[error.kind]
        if (answer === undefined) throw new Error(`nobody answers ${error.kind}`)
        const told = await answer(error.payload)
        context.answers = (context.answers ?? new Map()).set(error.key, told)
      }
    }
  }

  #call(now: number): Call {
    return new Call(contextOf(this, INTERNAL, now))
  }

  /** Remembers how far a seeded store has drawn, so that a restart goes on from there. */
  keepChance(count: number): void {
    const kept = Number(this.store.get<{ value: string }>(GET_META, 'chance')?.value ?? 0)
    if (count >= kept) this.store.run(PUT_META, 'chance', String(count + 1))
  }

  #kept<T>(name: string): T | undefined {
    const kept = this.store.get<{ value: string }>(GET_META, name)
    return kept === undefined ? undefined : (JSON.parse(kept.value) as T)
  }

  #chance(): Chance {
    return new Chance(this.#seed, Number(this.store.get<{ value: string }>(GET_META, 'chance')?.value ?? 0))
  }

  #clock(): Clock {
    return new Clock(this.#kept<ClockState>('clock'))
  }
}

const FILED = 'SELECT EXISTS (SELECT 1 FROM record) OR EXISTS (SELECT 1 FROM person) AS n'
/** Milliseconds. */
const MOMENTS = 100
const MOST_QUESTIONS = 100

const GET_META = 'SELECT value FROM meta WHERE name = ?'
const PUT_META = 'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'

const INTERNAL = Object.freeze({ transport: 'internal', requestId: 'due', base: '', headers: {} })

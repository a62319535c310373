import { wait } from './clock.ts'
import { Broken, drawDelay, type Fault, strike } from './faults.ts'
import type { End, Entry } from './journal.ts'
import type { Namespace } from './namespace.ts'
import type { Message } from './outbox.ts'
import { DIGITS, type Random } from './random.ts'
import { Question, Refusal, Taken, UnusedPin } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import { type ContractMode, VIOLATION, type Violation } from './violations.ts'

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
}

/** What the run of one call consists of; `Call` and the rooms' own calls are views of it. */
export interface Context {
  readonly namespace: Namespace
  readonly now: number
  readonly random: Random
  readonly count: number
  readonly origin: Origin
  readonly answers: Map<string, unknown>
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
    const key = keyOf(kind, about)
    if (!this.context.answers.has(key)) throw new Question(kind, payload, key)
    return this.context.answers.get(key) as T
  }

  /** Whether that was asked, and answered, in an earlier run of this call. */
  hasAsked(kind: string, about: unknown): boolean {
    return this.context.answers.has(keyOf(kind, about))
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
    const { codes } = this.settings
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

/** Anything that can be called: the least that `run` needs to know of an operation. */
// biome-ignore lint/suspicious/noExplicitAny: of some operation; which one decides its input and output.
export interface Callable<Input = any, Output = any> {
  readonly room: string
  readonly name: string
  /** Checks raw input and answers what the handler sees, or refuses. */
  admit(input: unknown): Input
  /** What the vendor tolerates in raw input and the contract does not list; asked before `admit`, which may drop it. */
  survey?(input: unknown): readonly Violation[]
  handle(input: Input, context: Context): Output
  /** Throws if an answer is not what the contract promises (strict mode). */
  verify?(output: Output): void
  /** Whether the contract lets this operation refuse by that name (strict mode). */
  mayRefuse?(name: string): boolean
  readonly mask?: Entry['mask']
  /** It stands for an operation that nobody has built. */
  readonly unbuilt?: boolean
}

const MOST_QUESTIONS = 100

type Tell = (violations: readonly Violation[]) => void

/**
 * One call: journal, due work, one synchronous transaction, run again for each question asked, marks after a refusal.
 * `read` gives the raw input (and may refuse), so that what cannot even be parsed is journalled too. `tell` hears of contract
 * violations, if there were any, before the call ends.
 */
export async function run<Input, Output>(
  callable: Callable<Input, Output>,
  read: () => unknown,
  origin: Origin,
  namespace: Namespace,
  tell?: Tell,
): Promise<Output> {
  return runAtOnce(callable, read, origin, namespace, tell)
}

/** As `run`; but a call that waits for nothing, as most do, has ended when this returns or throws. */
export function runAtOnce<Input, Output>(
  callable: Callable<Input, Output>,
  read: () => unknown,
  origin: Origin,
  namespace: Namespace,
  tell?: Tell,
): Output | Promise<Output> {
  return new Run(callable, origin, namespace, tell).start(read)
}

/** A context in which nothing has happened yet. */
export function contextOf(namespace: Namespace, origin: Origin, now: number): Context {
  const { random, count } = namespace.chance.next()
  return { namespace, now, random, count, origin, answers: new Map(), marks: [], followUps: [], pinned: 0, notes: {}, violations: NONE }
}

const NONE: readonly Violation[] = Object.freeze([])

class Run<Input, Output> {
  readonly #callable: Callable<Input, Output>
  readonly #namespace: Namespace
  readonly #context: Context
  readonly #entry: Entry
  readonly #mode: ContractMode
  readonly #tell: Tell | undefined
  /** Answers and refusals are held to the contract. */
  readonly #strict: boolean
  /** What the request had that its contract does not list. */
  #surveyed: readonly Violation[] = NONE

  constructor(callable: Callable<Input, Output>, origin: Origin, namespace: Namespace, tell: Tell | undefined) {
    this.#callable = callable
    this.#namespace = namespace
    this.#tell = tell
    this.#mode = namespace.contractMode(callable.room)
    this.#strict = namespace.fittings.settings.strict || this.#mode === 'strict'
    this.#context = contextOf(namespace, origin, origin.now ?? namespace.clock.now())
    const { room, name: operation } = callable
    const { requestId, transport } = origin
    this.#entry = namespace.journal.open({ at: this.#context.now, room, operation, requestId, transport, mask: callable.mask })
    this.#entry.notes = this.#context.notes
  }

  start(read: () => unknown): Output | Promise<Output> {
    let output: Output | Promise<Output>
    try {
      output = this.#go(read)
    } catch (error) {
      throw this.#refused(error)
    }
    if (!(output instanceof Promise)) return this.#done(output)
    return output.then(
      (late) => this.#done(late),
      (error) => {
        throw this.#refused(error)
      },
    )
  }

  #go(read: () => unknown): Output | Promise<Output> {
    const { room, name: operation } = this.#callable
    const raw = read()
    this.#entry.input = raw
    const { now, random } = this.#context
    const fault = this.#namespace.faults.take({ room, operation, input: raw, now, random })
    return fault === undefined ? this.#round(this.#admit(raw), 0) : this.#struck(raw, fault)
  }

  async #struck(raw: unknown, { id, then }: Fault): Promise<Output> {
    this.#entry.fault = id
    if (then.delay !== undefined) await wait(drawDelay(then.delay, this.#context.random))
    if (then.after !== true) strike(then)
    const output = await this.#round(this.#admit(raw), 0)
    strike(then)
    return output
  }

  #admit(raw: unknown): Input {
    const { name } = this.#callable
    if (this.#mode !== 'off') this.#surveyed = this.#callable.survey?.(raw) ?? NONE
    this.#context.violations = this.#surveyed
    const input = this.#callable.admit(raw)
    if (this.#mode === 'strict' && this.#surveyed.length > 0) throw violated(name, this.#surveyed)
    this.#namespace.settle()
    return input
  }

  #round(input: Input, round: number): Output | Promise<Output> {
    this.#context.violations = this.#surveyed
    try {
      const output = this.#attempt(input)
      return this.#context.followUps.length === 0 ? output : this.#follow().then(() => output)
    } catch (error) {
      if (error instanceof Question) return this.#answer(input, error, round)
      // What was undone has nothing that follows it; what marks it may have.
      if (!(error instanceof Refusal) || this.#context.followUps.length === 0) throw error
      return this.#follow().then(() => {
        throw error
      })
    }
  }

  /** The answer to a question, and the handler from its first line. */
  async #answer(input: Input, { kind, payload, key }: Question, round: number): Promise<Output> {
    if (round === MOST_QUESTIONS) throw new Error(`${this.#callable.name} asks without end: ${kind}`)
    this.#context.answers.set(key, await answered(this.#namespace, kind, payload))
    return this.#round(input, round + 1)
  }

  async #follow(): Promise<void> {
    const all = this.#context.followUps
    this.#context.followUps = []
    for (const { kind, payload, hear } of all) hear(await answered(this.#namespace, kind, payload))
  }

  #attempt(input: Input): Output {
    const callable = this.#callable
    const context = this.#context
    const { namespace, random } = context
    random.rewind()
    context.marks = []
    context.followUps = []
    context.pinned = 0
    try {
      return namespace.store.atomically(() => {
        const output = callable.handle(input, context)
        const unused = context.origin.pins?.[context.pinned]
        if (unused !== undefined) throw new UnusedPin(unused)
        if (random.used && namespace.chance.seeded) namespace.keepChance(context.count)
        if (this.#strict) this.#verify(output)
        return output
      })
    } catch (error) {
      context.followUps = []
      if (error instanceof Refusal && context.marks.length > 0) {
        const { marks } = context
        namespace.store.atomically(() => {
          for (const mark of marks) mark(new Call(context))
        })
      }
      if (error instanceof Taken) throw new Error(`${callable.name} did not word what is taken: ${error.what}`, { cause: error })
      throw error
    }
  }

  /** What breaks the contract is our fault, and told as a violation too. */
  #verify(output: Output): void {
    try {
      this.#callable.verify?.(output)
    } catch (error) {
      this.#add(broken('broken-answer', (error as Error).message))
      throw error
    }
  }

  #add(violation: Violation): void {
    this.#context.violations = [...this.#context.violations, violation]
  }

  #done(output: Output): Output {
    this.#close({ outcome: 'ok', output })
    return output
  }

  /** The error that the caller gets; the journal is told why. */
  #refused(error: unknown): unknown {
    const callable = this.#callable
    if (error instanceof Broken) {
      this.#close({ outcome: 'refused', error: { name: 'Fault', message: error.how } })
      return error
    }
    const { name, message, stack } = error as Error
    if (!(error instanceof Refusal)) {
      this.#close({ outcome: 'failed', error: { name, message, stack } })
      return error
    }
    const judged = this.#strict && name !== VIOLATION && this.#entry.fault === undefined
    if (judged && callable.mayRefuse?.(name) === false) {
      const undeclared = new Error(`${callable.name} may not refuse with ${name}: ${message}`)
      this.#add(broken('undeclared-error', undeclared.message))
      this.#close({ outcome: 'failed', error: { name: undeclared.name, message: undeclared.message } })
      return undeclared
    }
    this.#close({ outcome: callable.unbuilt === true ? 'unhandled' : 'refused', error: { name, message } })
    return error
  }

  #close(end: End): void {
    const { violations } = this.#context
    if (violations.length > 0) {
      this.#entry.violations = violations
      this.#tell?.(violations)
    }
    this.#namespace.journal.close(this.#entry, end)
  }
}

/** The emulator's own refusal, in contract mode `strict`; each wire shapes it as its vendor would. */
function violated(name: string, violations: readonly Violation[]): Refusal {
  const message = `Poolhouse refuses ${name} in contract mode strict: ${violations.map(({ message }) => message).join('; ')}`
  return new Refusal(VIOLATION, message, { violations: violations.map(({ path, message }) => ({ field: path, description: message })) })
}

function broken(rule: Violation['rule'], message: string): Violation {
  return { where: 'response', path: '', rule, message }
}

function answered(namespace: Namespace, kind: string, payload: unknown): Promise<unknown> {
  const answer = namespace.fittings.answer[kind]
  if (answer === undefined) throw new Error(`nobody answers ${kind}`)
  return answer(payload)
}

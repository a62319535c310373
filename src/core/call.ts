import { wait } from './clock.ts'
import { Broken, drawDelay, strike } from './faults.ts'
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
  followUps?: FollowUp[]
  pinned?: number
  /** What the vendor tolerates and its contract does not list, found before the handler ran and in its last run. */
  violations?: Violation[]
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
    this.context.violations = [...(this.context.violations ?? []), violation]
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
    const key = `${kind}\n${JSON.stringify(about)}`
    if (!this.context.answers.has(key)) throw new Question(kind, payload, key)
    return this.context.answers.get(key) as T
  }

  /**
   * Outside work that comes after what this call did: asked for once it is committed and can be seen by whoever answers. `hear` may
   * still refuse the call, which undoes nothing any more.
   */
  followUp<T>(kind: string, payload: unknown, hear: (answer: T) => void): void {
    this.context.followUps ??= []
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
    const next = this.context.pinned ?? 0
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

/** Anything that can be called: the least that `run` needs to know of an operation. */
// biome-ignore lint/suspicious/noExplicitAny: of some operation; which one decides its input and output.
export interface Callable<Input = any, Output = any> {
  readonly room: string
  readonly name: string
  /** Checks raw input and answers what the handler sees, or refuses. */
  admit(input: unknown): Input
  /** What the vendor tolerates in raw input and the contract does not list; asked before `admit`, which may drop it. */
  survey?(input: unknown): Violation[]
  handle(input: Input, context: Context): Output
  /** Throws if an answer is not what the contract promises (strict mode). */
  verify?(output: Output): void
  /** Whether the contract lets this operation refuse by that name (strict mode). */
  mayRefuse?(name: string): boolean
  mask?(value: unknown, side: 'input' | 'output'): unknown
  /** It stands for an operation that nobody has built. */
  readonly unbuilt?: boolean
}

const MOST_QUESTIONS = 100

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
  tell: (violations: readonly Violation[]) => void = () => undefined,
): Promise<Output> {
  const { random, count } = namespace.chance.next()
  const context: Context = {
    namespace,
    now: origin.now ?? namespace.clock.now(),
    random,
    count,
    origin,
    answers: new Map(),
    marks: [],
    notes: {},
  }
  const { entry, close: end } = namespace.journal.open({
    at: context.now,
    room: callable.room,
    operation: callable.name,
    requestId: origin.requestId,
    transport: origin.transport,
    input: undefined,
    mask: callable.mask?.bind(callable),
  })
  entry.notes = context.notes
  const mode = namespace.contractMode(callable.room)
  const { settings } = namespace.fittings
  const close = (outcome: Parameters<typeof end>[0]) => {
    const { violations = [] } = context
    if (violations.length > 0) {
      entry.violations = violations
      tell(violations)
    }
    end(outcome)
  }
  try {
    const raw = read()
    entry.input = raw
    const fault = namespace.faults.take({ room: callable.room, operation: callable.name, input: raw, now: context.now, random })
    if (fault !== undefined) {
      entry.fault = fault.id
      if (fault.then.delay !== undefined) await wait(drawDelay(fault.then.delay, random))
      if (fault.then.after !== true) strike(fault.then)
    }
    const surveyed = mode === 'off' ? [] : (callable.survey?.(raw) ?? [])
    context.violations = surveyed
    const input = callable.admit(raw)
    if (mode === 'strict' && surveyed.length > 0) throw violated(callable.name, surveyed)
    namespace.settle()
    for (let round = 0; ; round++) {
      context.violations = surveyed
      try {
        const output = attempt(callable, input, context, settings.strict || mode === 'strict')
        await follow(context)
        if (fault !== undefined) strike(fault.then)
        close({ outcome: 'ok', output })
        return output
      } catch (error) {
        if (error instanceof Refusal) await follow(context)
        if (!(error instanceof Question)) throw error
        if (round === MOST_QUESTIONS) throw new Error(`${callable.name} asks without end: ${error.kind}`)
        context.answers.set(error.key, await answered(namespace, error.kind, error.payload))
      }
    }
  } catch (error) {
    const refused = error instanceof Refusal
    if (error instanceof Broken) {
      close({ outcome: 'refused', error: { name: 'Fault', message: error.how } })
      throw error
    }
    const strict = (settings.strict || mode === 'strict') && refused && error.name !== VIOLATION
    const failure = strict && entry.fault === undefined && callable.mayRefuse?.(error.name) === false
    if (failure) {
      const undeclared = new Error(`${callable.name} may not refuse with ${error.name}: ${error.message}`)
      context.violations = [...(context.violations ?? []), broken('undeclared-error', undeclared.message)]
      close({ outcome: 'failed', error: { name: undeclared.name, message: undeclared.message } })
      throw undeclared
    }
    const { name, message, stack } = error as Error
    const outcome = callable.unbuilt === true ? 'unhandled' : 'refused'
    close(refused ? { outcome, error: { name, message } } : { outcome: 'failed', error: { name, message, stack } })
    throw error
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

async function follow(context: Context): Promise<void> {
  const all = context.followUps ?? []
  context.followUps = []
  for (const { kind, payload, hear } of all) hear(await answered(context.namespace, kind, payload))
}

function answered(namespace: Namespace, kind: string, payload: unknown): Promise<unknown> {
  const answer = namespace.fittings.answer[kind]
  if (answer === undefined) throw new Error(`nobody answers ${kind}`)
  return answer(payload)
}

function attempt<Input, Output>(callable: Callable<Input, Output>, input: Input, context: Context, strict: boolean): Output {
  const { namespace, random } = context
  random.rewind()
  context.marks = []
  context.followUps = []
  context.pinned = 0
  try {
    return namespace.store.atomically(() => {
      const output = callable.handle(input, context)
      const unused = context.origin.pins?.[context.pinned ?? 0]
      if (unused !== undefined) throw new UnusedPin(unused)
      if (random.used && namespace.chance.seeded) namespace.keepChance(context.count)
      if (strict) verify(callable, output, context)
      return output
    })
  } catch (error) {
    // What was undone has nothing that follows it; its marks may have.
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
function verify<Input, Output>(callable: Callable<Input, Output>, output: Output, context: Context): void {
  try {
    callable.verify?.(output)
  } catch (error) {
    context.violations = [...(context.violations ?? []), broken('broken-answer', (error as Error).message)]
    throw error
  }
}

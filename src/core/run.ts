import { Call, type Context, contextOf, type Origin } from './call.ts'
import { wait } from './clock.ts'
import { Broken, drawDelay, type Fault, orderedFault, strike } from './faults.ts'
import type { End, Entry } from './journal.ts'
import type { Exceeded } from './limits.ts'
import type { Namespace } from './namespace.ts'
import { Question, Refusal, Taken, UnusedPin } from './refusal.ts'
import { type ContractMode, VIOLATION, type Violation } from './violations.ts'

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

const NONE: readonly Violation[] = Object.freeze([])

/** Failures that stand in a journal already. */
const told = new WeakSet<object>()

export function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && told.has(error)
}

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
    const { requestId, transport, headers } = origin
    const size = Number(headers['content-length'] ?? 0) || 0
    this.#entry = namespace.journal.open({ at: this.#context.now, room, operation, requestId, transport, mask: callable.mask, size })
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
    const exceeded = this.#namespace.limits.exceeded(room, operation, now)
    if (exceeded !== undefined) throw this.#throttled(exceeded)
    const fault = this.#ordered() ?? this.#namespace.faults.take({ room, operation, input: raw, now, random })
    return fault === undefined ? this.#round(this.#admit(raw), 0) : this.#struck(raw, fault)
  }

  /** The fault that the request itself asks for, where it may. */
  #ordered(): Fault | undefined {
    if (!this.#namespace.fittings.settings.allowFaultHeader) return undefined
    const { 'x-poolhouse-fault': order } = this.#context.origin.headers
    return typeof order === 'string' ? orderedFault(order, this.#callable.mayRefuse?.bind(this.#callable)) : undefined
  }

  /** What the vendor says to who calls too often. */
  #throttled(exceeded: Exceeded): Refusal {
    const { room } = this.#callable
    this.#entry.fault = 0
    this.#context.notes.limit = `${exceeded.name} ${exceeded.rate}`
    const refusal = this.#namespace.fittings.throttled?.[room]
    return refusal?.(exceeded) ?? new Refusal('TooManyRequests', `No more than ${exceeded.rate} of ${exceeded.name}`)
  }

  async #struck(raw: unknown, { id, then }: Fault): Promise<Output> {
    this.#entry.fault = id
    const { origin, random } = this.#context
    if (then.delay !== undefined) await wait(drawDelay(then.delay, random))
    if (then.slow !== undefined) await (origin.slowly ?? wait)(drawDelay(then.slow, random))
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
    const answer = await answered(this.#namespace, kind, payload)
    this.#context.answers = (this.#context.answers ?? new Map()).set(key, answer)
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
      if (typeof error === 'object' && error !== null) told.add(error)
      return error
    }
    const judged = this.#strict && name !== VIOLATION && this.#entry.fault === undefined
    if (judged && callable.mayRefuse?.(name) === false) {
      const undeclared = new Error(`${callable.name} may not refuse with ${name}: ${message}`)
      this.#add(broken('undeclared-error', undeclared.message))
      this.#close({ outcome: 'failed', error: { name: undeclared.name, message: undeclared.message } })
      told.add(undeclared)
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

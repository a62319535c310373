/** A vendor's "no": its own name for the error and its own sentence. Undoes everything the call did. */
export class Refusal extends Error {
  /** What else the vendor's answer carries (details, reason codes); the room's wire knows its form. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(name: string, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    // A refusal is an answer, not a fault of ours: its stack is never read, and taking one costs more than the rest of the call.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.name = name
    this.facts = facts
  }
}

/** Something that must be unique is not; the room words what that is called. */
export class Taken extends Error {
  /** What is taken: a collection's kind, or the kind of login name (`email`). */
  readonly what: string
  readonly value: string
  /** The id of the owner, where there is one. */
  readonly owner: string | undefined

  constructor(what: string, value: string, owner?: string) {
    super(`${what} is taken`)
    this.name = 'Taken'
    this.what = what
    this.value = value
    this.owner = owner
  }
}

/** An identifier that a fixture fixed beforehand, and that its call made no use of. */
export class UnusedPin extends Error {
  constructor(pin: string) {
    super(`the id ${pin} is not used: this call makes no identifier, or fewer`)
    this.name = 'UnusedPin'
  }
}

/** Thrown by `call.ask` when the answer is not there yet: the call is undone, the answer awaited, the call run again. */
export class Question extends Error {
  readonly kind: string
  readonly payload: unknown
  readonly key: string

  constructor(kind: string, payload: unknown, key: string) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(kind)
    Error.stackTraceLimit = limit
    this.name = 'Question'
    this.kind = kind
    this.payload = payload
    this.key = key
  }
}

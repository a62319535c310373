import { elapsed } from './clock.ts'
import type { Violation } from './violations.ts'

/** One call as the journal keeps it: references to what was said, masked only when somebody reads it. */
export interface Entry {
  id: number
  /** Epoch milliseconds by the namespace's clock. */
  at: number
  room: string
  operation: string
  requestId: string
  transport: string
  outcome: 'running' | 'ok' | 'refused' | 'failed' | 'unhandled'
  /** With its stack where it is a fault of ours. */
  error?: { name: string; message: string; stack?: string | undefined }
  /** The fault that struck it. */
  fault?: number
  /** What the vendor tolerates and its contract does not list. */
  violations?: readonly Violation[]
  /** Of a call that nobody handled: what came, and what may have been meant. */
  unhandled?: { method: string; path: string; target?: string | undefined; nearest: readonly string[] }
  /** Milliseconds, real time; of a call that still runs, when it began (`elapsed`). */
  duration: number
  /** What the handler wanted to be known of its way (`→ SMS_MFA`, `pool=…`). */
  notes: Record<string, unknown>
  input: unknown
  output: unknown
  /** Hides secrets of this operation's input and output. */
  mask: ((value: unknown, side: 'input' | 'output') => unknown) | undefined
  /** Bytes that it came in, as far as is known. */
  size?: number
}

/** Bytes of requests that are kept in all; what was said in the oldest calls beyond them is forgotten, though not that they were made. */
const MOST_BYTES = 32 * 1024 * 1024

export interface JournalFilter {
  operation?: string | undefined
  room?: string | undefined
  outcome?: string | undefined
  /** The name of the error it was refused with. */
  error?: string | undefined
  /** Ids above this one. */
  since?: number | undefined
  limit?: number | undefined
}

type Begin = Pick<Entry, 'at' | 'room' | 'operation' | 'requestId' | 'transport' | 'mask'> & Pick<Entry, 'size'>

/** How a call ended. */
export type End = Pick<Entry, 'outcome'> & Partial<Pick<Entry, 'error' | 'output' | 'unhandled'>>

/** The last calls, a ring in memory: a read costs no write, and nothing said in a call reaches the disk through it. */
export class Journal {
  readonly #ring: Entry[] = []
  readonly #size: number
  readonly #listeners = new Set<(entry: Entry) => void>()
  #count = 0
  #bytes = 0
  /** The oldest that still holds what was said. */
  #told = 1

  constructor(size = 1000) {
    this.#size = size
  }

  open({ at, room, operation, requestId, transport, mask, size = 0 }: Begin): Entry {
    const id = ++this.#count
    const entry: Entry = {
      id,
      at,
      room,
      operation,
      requestId,
      transport,
      outcome: 'running',
      duration: elapsed(),
      notes: {},
      input: undefined,
      output: undefined,
      mask,
      size,
    }
    if (this.#size > 0) this.#keep(entry)
    return entry
  }

  #keep(entry: Entry): void {
    const slot = entry.id % this.#size
    this.#bytes += (entry.size ?? 0) - (this.#ring[slot]?.size ?? 0)
    this.#ring[slot] = entry
    while (this.#bytes > MOST_BYTES && this.#told < entry.id) {
      const oldest = this.#ring[this.#told++ % this.#size]
      if (oldest === undefined || oldest.id >= this.#told || oldest.outcome === 'running') continue
      this.#bytes -= oldest.size ?? 0
      Object.assign(oldest, { size: 0, input: undefined, output: undefined, mask: undefined })
    }
  }

  close(entry: Entry, { outcome, output, error, unhandled }: End): void {
    entry.outcome = outcome
    entry.output = output
    if (error !== undefined) entry.error = error
    if (unhandled !== undefined) entry.unhandled = unhandled
    entry.duration = elapsed() - entry.duration
    for (const listener of this.#listeners) listener(entry)
  }

  /** Newest last, masked. */
  list(filter: JournalFilter = {}): Omit<Entry, 'mask'>[] {
    const found = this.entries(filter)
    return (filter.limit === undefined ? found : found.slice(Math.max(0, found.length - filter.limit))).map(masked)
  }

  /** Newest last, as said: for comparing only. */
  entries(filter: JournalFilter = {}): Entry[] {
    const out: Entry[] = []
    const oldest = Math.max(1, this.#count - this.#size + 1, (filter.since ?? 0) + 1)
    for (let id = oldest; id <= this.#count; id++) {
      const entry = this.#ring[id % this.#size]
      if (entry === undefined || entry.id !== id) continue
      if (filter.operation !== undefined && entry.operation !== filter.operation) continue
      if (filter.room !== undefined && entry.room !== filter.room) continue
      if (filter.outcome !== undefined && entry.outcome !== filter.outcome) continue
      if (filter.error !== undefined && entry.error?.name !== filter.error) continue
      out.push(entry)
    }
    return out
  }

  clear(): void {
    this.#ring.length = 0
    this.#bytes = 0
  }

  /** Hears of every finished call: the log, the counts. */
  listen(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** What may be shown of an entry. */
export function masked({ mask, size: _size, ...entry }: Entry): Omit<Entry, 'mask'> {
  return {
    ...entry,
    duration: entry.outcome === 'running' ? elapsed() - entry.duration : entry.duration,
    input: mask === undefined ? undefined : mask(entry.input, 'input'),
    output: mask === undefined ? undefined : mask(entry.output, 'output'),
  }
}

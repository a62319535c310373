import type { Store } from './store.ts'

export type Channel = 'email' | 'sms' | 'push'

/** What leaves the emulator: a mail, an SMS. Nothing is sent; it lies in the outbox until somebody reads it. */
export interface Message {
  channel: Channel
  /** An address or a phone number. */
  to: string
  subject?: string | undefined
  body: string
  /** The room's word for the occasion (`SignUp`, `AdminCreateUser`, …). */
  template: string
  /** The one-time code or temporary password in the body, apart, so that a test need not parse a mail. */
  code?: string | undefined
  link?: string | undefined
  room: string
  pool?: string | undefined
  /** The user's id in the pool. */
  user?: string | undefined
  /** The user's login name. */
  username?: string | undefined
}

export interface Sent extends Message {
  id: number
  /** RFC 3339. */
  at: string
}

export interface OutboxFilter {
  to?: string | undefined
  user?: string | undefined
  channel?: string | undefined
  /** Ids above this one, or an RFC 3339 time. */
  since?: string | undefined
}

const INSERT = 'INSERT INTO outbox (at, channel, recipient, person, doc) VALUES (?, ?, ?, ?, ?)'
const FORGET = 'DELETE FROM outbox WHERE seq <= ?'
const LIST = `SELECT seq, at, doc FROM outbox
  WHERE seq > ? AND at >= ? AND (? IS NULL OR recipient = ?) AND (? IS NULL OR channel = ?)
    AND (? IS NULL OR person = ? OR json_extract(doc, '$.username') = ?)
  ORDER BY seq`
const LATEST = LIST.replace('ORDER BY seq', 'ORDER BY seq DESC LIMIT 1')

export interface Bound {
  /** Messages that are kept; the oldest beyond them are gone. */
  most: number
  /** Hears once, when the first is gone. */
  full(): void
}

export class Outbox {
  readonly #store: () => Store
  readonly #bound: Bound
  #wasFull = false
  readonly #waiters = new Set<(sent?: Sent) => void>()

  constructor(store: () => Store, bound: Bound) {
    this.#store = store
    this.#bound = bound
  }

  add(at: number, message: Message): void {
    const store = this.#store()
    const { seq } = store.run(INSERT, at, message.channel, message.to, message.user ?? '', JSON.stringify(message))
    if (seq > this.#bound.most) this.#forget(seq - this.#bound.most)
    if (this.#waiters.size === 0) return
    const sent = { id: seq, at: new Date(at).toISOString(), ...message }
    store.afterCommit(() => this.#wake(sent))
  }

  #forget(last: number): void {
    if (this.#store().run(FORGET, last).changes === 0 || this.#wasFull) return
    this.#wasFull = true
    this.#bound.full()
  }

  /** Oldest first. */
  list(filter: OutboxFilter = {}): Sent[] {
    return this.#store()
      .all<Row>(LIST, ...parameters(filter))
      .map(toSent)
  }

  latest(filter: OutboxFilter = {}): Sent | undefined {
    const row = this.#store().get<Row>(LATEST, ...parameters(filter))
    return row === undefined ? undefined : toSent(row)
  }

  get(id: number): Sent | undefined {
    const row = this.#store().get<Row>('SELECT seq, at, doc FROM outbox WHERE seq = ?', id)
    return row === undefined ? undefined : toSent(row)
  }

  clear(): void {
    this.#store().run('DELETE FROM outbox')
  }

  count(): number {
    return this.#store().get<{ n: number }>('SELECT count(*) AS n FROM outbox')?.n ?? 0
  }

  /** Calls `notice` at every message from now on, with it unless it came in another way, until the answered function is called. */
  watch(notice: (sent?: Sent) => void): () => void {
    this.#waiters.add(notice)
    return () => this.#waiters.delete(notice)
  }

  /** The first matching message from now on; undefined once `over`, which is told to stop when there is one, has ended. */
  arrival(filter: OutboxFilter, over: (signal: AbortSignal) => Promise<void>): Promise<Sent | undefined> {
    const arrived = new AbortController()
    return new Promise((resolve) => {
      const end = (message: Sent | undefined) => {
        unwatch()
        arrived.abort()
        resolve(message)
      }
      const unwatch = this.watch(() => {
        const message = this.latest(filter)
        if (message !== undefined) end(message)
      })
      over(arrived.signal).then(() => end(undefined))
    })
  }

  /** Has those who wait look again: messages may have come in another way. */
  announce(): void {
    this.#wake()
  }

  #wake(sent?: Sent): void {
    for (const notice of [...this.#waiters]) notice(sent)
  }
}

interface Row {
  seq: number
  at: number
  doc: string
}

function toSent(row: Row): Sent {
  return { id: row.seq, at: new Date(row.at).toISOString(), ...(JSON.parse(row.doc) as Message) }
}

function parameters(filter: OutboxFilter): (string | number | null)[] {
  const to = filter.to ?? null
  const channel = filter.channel ?? null
  const user = filter.user ?? null
  const id = /^\d+$/.test(filter.since ?? '') ? Number(filter.since) : 0
  const at = id === 0 && filter.since !== undefined ? Date.parse(filter.since) : 0
  return [id, Number.isNaN(at) ? 0 : at, to, to, channel, channel, user, user, user]
}

import type { Call } from './call.ts'
import type { Store } from './store.ts'

/** Work that falls due: a row with a time, never a timer. Done before the first call after its time, in order, each at its own time. */
export interface Due {
  seq: number
  at: number
  kind: string
  key: string
  doc: unknown
}

/** What a room does when a kind of its work falls due. */
export type Settle = (call: Call, work: { key: string; doc: unknown }) => void

const ADD = 'INSERT INTO due (at, kind, key, doc) VALUES (?, ?, ?, ?)'
const NEXT = 'SELECT seq, at, kind, key, doc FROM due WHERE at <= ? ORDER BY at, seq LIMIT 1'
const NEXT_AT = 'SELECT min(at) AS at FROM due'
const COUNT = 'SELECT count(*) AS n FROM due'
const DROP = 'DELETE FROM due WHERE seq = ?'
const CANCEL = 'DELETE FROM due WHERE kind = ? AND key = ?'

export const due = {
  add(store: Store, at: number, kind: string, key: string, doc: unknown): void {
    store.run(ADD, at, kind, key, JSON.stringify(doc ?? null))
  },
  next(store: Store, now: number): Due | undefined {
    const row = store.get<Due & { doc: string }>(NEXT, now)
    return row === undefined ? undefined : { ...row, doc: JSON.parse(row.doc) as unknown }
  },
  nextAt(store: Store): number {
    return store.get<{ at: number | null }>(NEXT_AT)?.at ?? Number.POSITIVE_INFINITY
  },
  count(store: Store): number {
    return store.get<{ n: number }>(COUNT)?.n ?? 0
  },
  drop(store: Store, seq: number): void {
    store.run(DROP, seq)
  },
  cancel(store: Store, kind: string, key: string): void {
    store.run(CANCEL, kind, key)
  },
}

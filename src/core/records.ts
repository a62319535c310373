import type { Call } from './call.ts'
import { Taken } from './refusal.ts'

export interface Page<Doc> {
  items: Doc[]
  /** Where the next page begins (`after`), absent on the last one. */
  next?: number
}

export interface Collection<Doc> {
  readonly kind: string
  get(call: Call, parent: string, key: string): Doc | undefined
  /** Throws `Taken` if there is one with that key. */
  insert(call: Call, parent: string, key: string, doc: Doc): Doc
  /** Inserts or replaces; a replaced one keeps its place in the order of creation. */
  put(call: Call, parent: string, key: string, doc: Doc): Doc
  /** Replaces what is there by what `change` makes of it; undefined if nothing was there. Documents are never changed in place. */
  update(call: Call, parent: string, key: string, change: (doc: Doc) => Doc): Doc | undefined
  remove(call: Call, parent: string, key: string): boolean
  removeAll(call: Call, parent: string): void
  /** In order of creation. */
  page(call: Call, parent: string, range: { after?: number | undefined; limit: number }): Page<Doc>
  all(call: Call, parent: string): Doc[]
  count(call: Call, parent: string): number
}

const GET = 'SELECT doc FROM record WHERE kind = ? AND parent = ? AND key = ?'
const INSERT = 'INSERT OR IGNORE INTO record (kind, parent, key, doc) VALUES (?, ?, ?, ?)'
const PUT =
  'INSERT INTO record (kind, parent, key, doc) VALUES (?, ?, ?, ?) ON CONFLICT (kind, parent, key) DO UPDATE SET doc = excluded.doc'
const REMOVE = 'DELETE FROM record WHERE kind = ? AND parent = ? AND key = ?'
const REMOVE_ALL = 'DELETE FROM record WHERE kind = ? AND parent = ?'
const PAGE = 'SELECT seq, doc FROM record WHERE kind = ? AND parent = ? AND seq > ? ORDER BY seq LIMIT ?'
const ALL = 'SELECT doc FROM record WHERE kind = ? AND parent = ? ORDER BY seq'
const COUNT = 'SELECT count(*) AS n FROM record WHERE kind = ? AND parent = ?'

/**
 * The filing cabinet: documents of one kind under a parent and a key. `kind` is `room.noun`.
 * `cached` keeps parsed, frozen documents of what nearly every call reads (a pool, a client).
 */
export function collection<Doc extends object>(kind: string, options: { cached?: boolean } = {}): Collection<Doc> {
  const cached = options.cached === true
  const cacheKey = (parent: string, key: string) => `${kind}\n${parent}\n${key}`

  const collected: Collection<Doc> = {
    kind,
    get(call, parent, key) {
      const { store } = call
      if (cached) {
        const known = store.cache.get(cacheKey(parent, key))
        if (known !== undefined) return known as Doc
      }
      const row = store.get<{ doc: string }>(GET, kind, parent, key)
      if (row === undefined) return undefined
      const doc = JSON.parse(row.doc) as Doc
      if (cached) store.cache.set(cacheKey(parent, key), freeze(doc))
      return doc
    },
    insert(call, parent, key, doc) {
      const { changes } = call.store.run(INSERT, kind, parent, key, JSON.stringify(doc))
      if (changes === 0) throw new Taken(kind, key)
      return doc
    },
    put(call, parent, key, doc) {
      call.store.run(PUT, kind, parent, key, JSON.stringify(doc))
      if (cached) call.store.cache.delete(cacheKey(parent, key))
      return doc
    },
    update(call, parent, key, change) {
      const before = collected.get(call, parent, key)
      return before === undefined ? undefined : collected.put(call, parent, key, change(before))
    },
    remove(call, parent, key) {
      if (cached) call.store.cache.delete(cacheKey(parent, key))
      return call.store.run(REMOVE, kind, parent, key).changes > 0
    },
    removeAll(call, parent) {
      if (cached) call.store.cache.clear()
      call.store.run(REMOVE_ALL, kind, parent)
    },
    page(call, parent, { after = 0, limit }) {
      const rows = call.store.all<{ seq: number; doc: string }>(PAGE, kind, parent, after, limit + 1)
      return toPage(rows, limit)
    },
    all(call, parent) {
      return call.store.all<{ doc: string }>(ALL, kind, parent).map((row) => JSON.parse(row.doc) as Doc)
    },
    count(call, parent) {
      return call.store.get<{ n: number }>(COUNT, kind, parent)?.n ?? 0
    },
  }
  return collected
}

const REMOVE_FILED = 'DELETE FROM record WHERE parent = ? AND kind >= ? AND kind < ?'

/** Removes all that a room filed under this parent, whatever kind it is of. */
export function removeFiledUnder(call: Call, room: string, parent: string): void {
  call.store.cache.clear()
  // '/' follows '.': every kind of the room, and no other room's.
  call.store.run(REMOVE_FILED, parent, `${room}.`, `${room}/`)
}

/** Rows asked for with one more than the limit, as a page. */
export function toPage<Doc>(rows: { seq: number; doc: string }[], limit: number): Page<Doc> {
  const items = rows.slice(0, limit).map((row) => JSON.parse(row.doc) as Doc)
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? { items, next: last.seq } : { items }
}

/** All of it, at any depth. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

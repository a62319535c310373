import type { Call } from '../core/call.ts'

/** What a person proves who they are with: one kind each (`password`, `totp`, `passkey`, …), `key` where there may be several. */
export interface Credentials<Doc> {
  get(call: Call, pool: string, person: string, key?: string): Doc | undefined
  put(call: Call, pool: string, person: string, doc: Doc, key?: string): Doc
  remove(call: Call, pool: string, person: string, key?: string): boolean
  removeAll(call: Call, pool: string, person: string): void
  /** In order of making. */
  list(call: Call, pool: string, person: string): { key: string; doc: Doc }[]
}

const GET = 'SELECT doc FROM credential WHERE pool = ? AND person = ? AND kind = ? AND key = ?'
const PUT = `INSERT INTO credential (pool, person, kind, key, seq, doc)
  VALUES (?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM credential WHERE pool = ? AND person = ? AND kind = ?), ?)
  ON CONFLICT (pool, person, kind, key) DO UPDATE SET doc = excluded.doc`
const REMOVE = 'DELETE FROM credential WHERE pool = ? AND person = ? AND kind = ? AND key = ?'
const REMOVE_ALL = 'DELETE FROM credential WHERE pool = ? AND person = ? AND kind = ?'
const LIST = 'SELECT key, doc FROM credential WHERE pool = ? AND person = ? AND kind = ? ORDER BY seq'

export function credentials<Doc extends object>(kind: string): Credentials<Doc> {
  return {
    get(call, pool, person, key = '') {
      const row = call.store.get<{ doc: string }>(GET, pool, person, kind, key)
      return row === undefined ? undefined : (JSON.parse(row.doc) as Doc)
    },
    put(call, pool, person, doc, key = '') {
      call.store.run(PUT, pool, person, kind, key, pool, person, kind, JSON.stringify(doc))
      return doc
    },
    remove(call, pool, person, key = '') {
      return call.store.run(REMOVE, pool, person, kind, key).changes > 0
    },
    removeAll(call, pool, person) {
      call.store.run(REMOVE_ALL, pool, person, kind)
    },
    list(call, pool, person) {
      return call.store
        .all<{ key: string; doc: string }>(LIST, pool, person, kind)
        .map((row) => ({ key: row.key, doc: JSON.parse(row.doc) as Doc }))
    },
  }
}

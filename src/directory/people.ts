import type { Call } from '../core/call.ts'
import { freeze, type Page, toPage } from '../core/records.ts'
import { Taken } from '../core/refusal.ts'
import type { Store } from '../core/store.ts'

/** Under what a person is found: login names, unique in the pool by (kind, name), and what lists may be filtered by. */
export interface Filing {
  /** Already folded as the room says. The same name may stand under two kinds for one person, never for two people under one kind. */
  names: { kind: string; name: string }[]
  attributes: Record<string, string | undefined>
}

export interface Filter {
  attribute: string
  op: '=' | '^='
  value: string
}

export interface People<Doc> {
  get(call: Call, pool: string, id: string): Doc | undefined
  /** Who bears this name under one of these kinds, the first kind first. */
  find(call: Call, pool: string, name: string, kinds: readonly string[]): Doc | undefined
  /** The id of who bears this name under this kind. */
  owner(call: Call, pool: string, kind: string, name: string): string | undefined
  /** Throws `Taken` with the kind of name that somebody else bears. */
  add(call: Call, pool: string, id: string, doc: Doc, filing: Filing): Doc
  /** Replaces the document and how it is filed; throws `Taken` like `add`. */
  save(call: Call, pool: string, id: string, doc: Doc, filing: Filing): Doc
  /** Replaces the document only: for what changes nothing that is filed. */
  write(call: Call, pool: string, id: string, doc: Doc): Doc
  remove(call: Call, pool: string, id: string): boolean
  removeAll(call: Call, pool: string): void
  /** In order of creation; with a prefix filter in order of the value. `after` is a page's `next`. */
  page(call: Call, pool: string, range: { filter?: Filter | undefined; after?: Place | undefined; limit: number }): PeoplePage<Doc>
  count(call: Call, pool: string): number
}

/** A place in a list: a person's `seq`, or (value, seq) in a list ordered by value. */
export type Place = number | [value: string, seq: number]

export interface PeoplePage<Doc> {
  items: Doc[]
  next?: Place
}

const GET = 'SELECT doc FROM person WHERE pool = ? AND id = ?'
const FIND = `SELECT n.kind AS kind, p.doc AS doc FROM person_name n CROSS JOIN person p ON p.pool = n.pool AND p.id = n.id
  WHERE n.pool = ? AND n.name = ?`
const OWNER = 'SELECT id FROM person_name WHERE pool = ? AND name = ? AND kind = ?'
const ADD = 'INSERT OR IGNORE INTO person (pool, id, doc) VALUES (?, ?, ?)'
const WRITE = 'UPDATE person SET doc = ? WHERE pool = ? AND id = ?'
const SEQ = 'SELECT seq FROM person WHERE pool = ? AND id = ?'
const REMOVE = 'DELETE FROM person WHERE pool = ? AND id = ?'
const NAME = 'INSERT OR IGNORE INTO person_name (pool, name, kind, id) VALUES (?, ?, ?, ?)'
const NAMES = 'SELECT name, kind FROM person_name WHERE pool = ? AND id = ?'
const DROP_NAME = 'DELETE FROM person_name WHERE pool = ? AND name = ? AND kind = ?'
const DROP_NAMES = 'DELETE FROM person_name WHERE pool = ? AND id = ?'
const ATTRIBUTE = 'INSERT OR IGNORE INTO person_attribute (pool, name, value, seq, id) VALUES (?, ?, ?, ?, ?)'
const ATTRIBUTES = 'SELECT name, value FROM person_attribute WHERE pool = ? AND id = ?'
const DROP_ATTRIBUTE = 'DELETE FROM person_attribute WHERE pool = ? AND name = ? AND value = ? AND seq = ?'
const DROP_ATTRIBUTES = 'DELETE FROM person_attribute WHERE pool = ? AND id = ?'
const DROP_CREDENTIALS = 'DELETE FROM credential WHERE pool = ? AND person = ?'
const DROP_MEMBERS = 'DELETE FROM member WHERE pool = ? AND person = ?'
const DROP_TICKETS = 'DELETE FROM ticket WHERE pool = ? AND person = ?'
const EVERYTHING = ['person', 'person_name', 'person_attribute', 'credential', 'member', 'ticket'].map(
  (table) => `DELETE FROM ${table} WHERE pool = ?`,
)
const PAGE = 'SELECT seq, doc FROM person WHERE pool = ? AND seq > ? ORDER BY seq LIMIT ?'
const EQUAL = `SELECT a.seq AS seq, p.doc AS doc FROM person_attribute a CROSS JOIN person p ON p.seq = a.seq
  WHERE a.pool = ? AND a.name = ? AND a.value = ? AND a.seq > ? ORDER BY a.seq LIMIT ?`
const PREFIX = `SELECT a.seq AS seq, a.value AS value, p.doc AS doc FROM person_attribute a CROSS JOIN person p ON p.seq = a.seq
  WHERE a.pool = ? AND a.name = ? AND (a.value, a.seq) > (?, ?) AND a.value < ? ORDER BY a.value, a.seq LIMIT ?`
const COUNT = 'SELECT count(*) AS n FROM person WHERE pool = ?'

/** The key under which a store's cache has those who were asked for lately. */
const RECENT = 'people'
const MOST_RECENT = 1000

/** Somebody is asked for many times between two changes of anybody: parsed once, and frozen. */
function recall<Doc extends object>(store: Store, key: string, find: () => Doc | undefined): Doc | undefined {
  let recent = store.cache.get(RECENT) as Map<string, Doc> | undefined
  const known = recent?.get(key)
  if (known !== undefined) return known
  const doc = find()
  if (doc === undefined) return undefined
  if (recent === undefined || recent.size === MOST_RECENT) {
    recent = new Map()
    store.cache.set(RECENT, recent)
  }
  recent.set(key, freeze(doc))
  return doc
}

/** Lists of kinds are constants of the rooms. */
const words = new WeakMap<readonly string[], string>()

function joined(kinds: readonly string[]): string {
  const word = words.get(kinds) ?? kinds.join()
  words.set(kinds, word)
  return word
}

function forget(store: Store): void {
  store.cache.delete(RECENT)
}

/** The people of one room's pools, their documents of type `Doc`. */
export function people<Doc extends object>(): People<Doc> {
  const directory: People<Doc> = {
    get(call, pool, id) {
      return recall(call.store, `${pool}\n${id}`, () => parse<Doc>(call.store.get<{ doc: string }>(GET, pool, id)))
    },
    find(call, pool, name, kinds) {
      return recall(call.store, `${pool}\n${joined(kinds)}\n${name}`, () => {
        const rows = call.store.all<{ kind: string; doc: string }>(FIND, pool, name)
        for (const kind of kinds) {
          const row = rows.find((candidate) => candidate.kind === kind)
          if (row !== undefined) return parse<Doc>(row)
        }
        return undefined
      })
    },
    owner(call, pool, kind, name) {
      return call.store.get<{ id: string }>(OWNER, pool, name, kind)?.id
    },
    add(call, pool, id, doc, filing) {
      forget(call.store)
      const { changes, seq } = call.store.run(ADD, pool, id, JSON.stringify(doc))
      if (changes === 0) throw new Taken('id', id, id)
      for (const { kind, name } of filing.names) addName(call, pool, id, kind, name)
      for (const [name, value] of Object.entries(filing.attributes)) {
        if (value !== undefined) call.store.run(ATTRIBUTE, pool, name, value, seq, id)
      }
      return doc
    },
    save(call, pool, id, doc, filing) {
      forget(call.store)
      const { store } = call
      const seq = store.get<{ seq: number }>(SEQ, pool, id)?.seq
      if (seq === undefined) throw new Error(`no person ${id} in ${pool}`)
      store.run(WRITE, JSON.stringify(doc), pool, id)

      const names = new Set(filing.names.map(({ kind, name }) => `${kind}\n${name}`))
      for (const { kind, name } of store.all<{ kind: string; name: string }>(NAMES, pool, id)) {
        if (!names.delete(`${kind}\n${name}`)) store.run(DROP_NAME, pool, name, kind)
      }
      for (const key of names) {
        const [kind = '', name = ''] = split(key)
        addName(call, pool, id, kind, name)
      }

      const attributes = new Map(Object.entries(filing.attributes))
      for (const { name, value } of store.all<{ name: string; value: string }>(ATTRIBUTES, pool, id)) {
        if (attributes.get(name) === value) attributes.delete(name)
        else store.run(DROP_ATTRIBUTE, pool, name, value, seq)
      }
      for (const [name, value] of attributes) {
        if (value !== undefined) store.run(ATTRIBUTE, pool, name, value, seq, id)
      }
      return doc
    },
    write(call, pool, id, doc) {
      forget(call.store)
      call.store.run(WRITE, JSON.stringify(doc), pool, id)
      return doc
    },
    remove(call, pool, id) {
      forget(call.store)
      for (const sql of [DROP_NAMES, DROP_ATTRIBUTES, DROP_CREDENTIALS, DROP_MEMBERS, DROP_TICKETS]) call.store.run(sql, pool, id)
      return call.store.run(REMOVE, pool, id).changes > 0
    },
    removeAll(call, pool) {
      forget(call.store)
      for (const sql of EVERYTHING) call.store.run(sql, pool)
    },
    page(call, pool, { filter, after, limit }) {
      const { store } = call
      if (filter?.op === '^=') {
        const [value, seq] = Array.isArray(after) ? after : [filter.value, -1]
        const end = `${filter.value}\u{10ffff}`
        const rows = store.all<{ seq: number; value: string; doc: string }>(PREFIX, pool, filter.attribute, value, seq, end, limit + 1)
        const last = rows[limit - 1]
        const { items } = toPage<Doc>(rows, limit)
        return rows.length > limit && last !== undefined ? { items, next: [last.value, last.seq] } : { items }
      }
      const from = typeof after === 'number' ? after : 0
      const rows =
        filter === undefined
          ? store.all<{ seq: number; doc: string }>(PAGE, pool, from, limit + 1)
          : store.all<{ seq: number; doc: string }>(EQUAL, pool, filter.attribute, filter.value, from, limit + 1)
      return toPage(rows, limit) satisfies Page<Doc>
    },
    count(call, pool) {
      return call.store.get<{ n: number }>(COUNT, pool)?.n ?? 0
    },
  }
  return directory
}

function addName(call: Call, pool: string, id: string, kind: string, name: string): void {
  if (call.store.run(NAME, pool, name, kind, id).changes === 0) {
    throw new Taken(kind, name, call.store.get<{ id: string }>(OWNER, pool, name, kind)?.id)
  }
}

function split(key: string): [string, string] {
  const at = key.indexOf('\n')
  return [key.slice(0, at), key.slice(at + 1)]
}

function parse<Doc>(row: { doc: string } | undefined): Doc | undefined {
  return row === undefined ? undefined : (JSON.parse(row.doc) as Doc)
}

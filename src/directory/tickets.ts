import { createHash } from 'node:crypto'
import type { Call } from '../core/call.ts'

/** A secret that somebody may come back with: a refresh token, a code, a challenge session. Only its hash is kept. */
export interface Ticket<Doc> {
  hash: string
  pool: string
  /** The person's id, or '' where there is none. */
  person: string
  /** What is revoked together. */
  family: string
  /** Epoch milliseconds. */
  issued: number
  expires: number
  used: number | null
  revoked: number | null
  doc: Doc
}

export interface Tickets<Doc> {
  /** Files `secret`, valid until `expires`. */
  issue(call: Call, secret: string, ticket: { pool: string; person?: string; family?: string; expires: number; doc: Doc }): void
  /** Found whether expired, used or revoked: the room says what each of these means. */
  find(call: Pick<Call, 'store'>, secret: string): Ticket<Doc> | undefined
  /** Marks it as used; false if it was used already. */
  use(call: Call, ticket: Ticket<Doc>): boolean
  rewrite(call: Call, ticket: Ticket<Doc>, doc: Doc): void
  remove(call: Call, ticket: Ticket<Doc>): void
  ofPerson(call: Call, pool: string, person: string): Ticket<Doc>[]
  ofFamily(call: Call, family: string): Ticket<Doc>[]
  /** What is revoked together expires together, now. */
  expireFamily(call: Call, family: string): void
  revokeFamily(call: Call, family: string): void
  revokePerson(call: Call, pool: string, person: string): void
  removePerson(call: Call, pool: string, person: string): void
}

const COLUMNS = 'hash, pool, person, family, issued, expires, used, revoked, doc'
const ISSUE = `INSERT INTO ticket (hash, kind, pool, person, family, issued, expires, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (hash) DO UPDATE SET issued = excluded.issued, expires = excluded.expires, used = NULL, revoked = NULL,
    person = excluded.person, family = excluded.family, doc = excluded.doc`
const SWEEP = 'DELETE FROM ticket WHERE pool = ? AND person = ? AND kind = ? AND expires < ?'
const FIND = `SELECT ${COLUMNS} FROM ticket WHERE hash = ? AND kind = ?`
const USE = 'UPDATE ticket SET used = ? WHERE hash = ? AND used IS NULL'
const REWRITE = 'UPDATE ticket SET doc = ? WHERE hash = ?'
const REMOVE = 'DELETE FROM ticket WHERE hash = ?'
const OF_PERSON = `SELECT ${COLUMNS} FROM ticket WHERE pool = ? AND person = ? AND kind = ? ORDER BY issued, hash`
const OF_FAMILY = `SELECT ${COLUMNS} FROM ticket WHERE family = ? AND kind = ? ORDER BY issued, hash`
const EXPIRE_FAMILY = 'UPDATE ticket SET expires = min(expires, ?) WHERE family = ? AND kind = ?'
const REVOKE_FAMILY = 'UPDATE ticket SET revoked = ? WHERE family = ? AND kind = ? AND revoked IS NULL'
const REVOKE_PERSON = 'UPDATE ticket SET revoked = ? WHERE pool = ? AND person = ? AND kind = ? AND revoked IS NULL'
const REMOVE_PERSON = 'DELETE FROM ticket WHERE pool = ? AND person = ? AND kind = ?'

/** How long an expired ticket can still be told from one that never was; the next of its kind for its person then clears it away. */
const KEPT_EXPIRED = 30 * 86_400_000

type Row = Omit<Ticket<unknown>, 'doc'> & { doc: string }

export function tickets<Doc>(kind: string): Tickets<Doc> {
  const hashOf = (secret: string) => createHash('sha256').update(`${kind}\n${secret}`).digest('base64url')
  const parse = (row: Row): Ticket<Doc> => ({ ...row, doc: JSON.parse(row.doc) as Doc })
  return {
    issue(call, secret, { pool, person = '', family = '', expires, doc }) {
      call.store.run(SWEEP, pool, person, kind, call.now - KEPT_EXPIRED)
      call.store.run(ISSUE, hashOf(secret), kind, pool, person, family, call.now, expires, JSON.stringify(doc))
    },
    find(call, secret) {
      const row = call.store.get<Row>(FIND, hashOf(secret), kind)
      return row === undefined ? undefined : parse(row)
    },
    use(call, ticket) {
      return call.store.run(USE, call.now, ticket.hash).changes > 0
    },
    rewrite(call, ticket, doc) {
      call.store.run(REWRITE, JSON.stringify(doc), ticket.hash)
    },
    remove(call, ticket) {
      call.store.run(REMOVE, ticket.hash)
    },
    ofPerson(call, pool, person) {
      return call.store.all<Row>(OF_PERSON, pool, person, kind).map(parse)
    },
    ofFamily(call, family) {
      return call.store.all<Row>(OF_FAMILY, family, kind).map(parse)
    },
    expireFamily(call, family) {
      call.store.run(EXPIRE_FAMILY, call.now, family, kind)
    },
    revokeFamily(call, family) {
      call.store.run(REVOKE_FAMILY, call.now, family, kind)
    },
    revokePerson(call, pool, person) {
      call.store.run(REVOKE_PERSON, call.now, pool, person, kind)
    },
    removePerson(call, pool, person) {
      call.store.run(REMOVE_PERSON, pool, person, kind)
    },
  }
}

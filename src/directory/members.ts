import type { Call } from '../core/call.ts'
import type { Page } from '../core/records.ts'

/** Who belongs to which group. A group itself is a room's record; deleting either end is the room's act. */
export interface Membership {
  team: string
  person: string
  doc: Record<string, unknown>
}

const ADD = 'INSERT OR IGNORE INTO member (pool, team, person, doc) VALUES (?, ?, ?, ?)'
const REMOVE = 'DELETE FROM member WHERE pool = ? AND team = ? AND person = ?'
const REMOVE_TEAM = 'DELETE FROM member WHERE pool = ? AND team = ?'
const REMOVE_PERSON = 'DELETE FROM member WHERE pool = ? AND person = ?'
const HAS = 'SELECT 1 AS yes FROM member WHERE pool = ? AND team = ? AND person = ?'
const COUNT = 'SELECT count(*) AS n FROM member WHERE pool = ? AND team = ?'
const PEOPLE = 'SELECT seq, team, person, doc FROM member WHERE pool = ? AND team = ? AND seq > ? ORDER BY seq LIMIT ?'
const TEAMS = 'SELECT seq, team, person, doc FROM member WHERE pool = ? AND person = ? AND seq > ? ORDER BY seq LIMIT ?'

type Row = { seq: number; team: string; person: string; doc: string }

export const members = {
  /** False if the person was a member already. */
  add(call: Call, pool: string, team: string, person: string, doc: Record<string, unknown> = {}): boolean {
    return call.store.run(ADD, pool, team, person, JSON.stringify(doc)).changes > 0
  },
  remove(call: Call, pool: string, team: string, person: string): boolean {
    return call.store.run(REMOVE, pool, team, person).changes > 0
  },
  removeTeam(call: Call, pool: string, team: string): void {
    call.store.run(REMOVE_TEAM, pool, team)
  },
  removePerson(call: Call, pool: string, person: string): void {
    call.store.run(REMOVE_PERSON, pool, person)
  },
  has(call: Call, pool: string, team: string, person: string): boolean {
    return call.store.get(HAS, pool, team, person) !== undefined
  },
  count(call: Call, pool: string, team: string): number {
    return call.store.get<{ n: number }>(COUNT, pool, team)?.n ?? 0
  },
  /** Members of a group, in the order they joined. */
  people(call: Call, pool: string, team: string, range: { after?: number | undefined; limit: number }): Page<Membership> {
    return toPage(call.store.all<Row>(PEOPLE, pool, team, range.after ?? 0, range.limit + 1), range.limit)
  },
  /** Groups of a person, in the order of joining. */
  teams(
    call: Call,
    pool: string,
    person: string,
    range: { after?: number | undefined; limit: number } = { limit: 10_000 },
  ): Page<Membership> {
    return toPage(call.store.all<Row>(TEAMS, pool, person, range.after ?? 0, range.limit + 1), range.limit)
  },
}

function toPage(rows: Row[], limit: number): Page<Membership> {
  const items = rows.slice(0, limit).map(({ team, person, doc }) => ({ team, person, doc: JSON.parse(doc) as Record<string, unknown> }))
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined ? { items, next: last.seq } : { items }
}

import type { Call } from '../../../core/call.ts'
import type { Collection } from '../../../core/records.ts'
import { members } from '../../../directory/members.ts'
import * as applicationRecords from '../../application-records.ts'
import * as records from '../../records.ts'
import { type Password, type Pool, passwords, type User, users } from '../../records.ts'
import { EVERYBODY, empty, forget } from '../pools/pools.ts'
import { failWith, succeed } from './running.ts'

/**
 * What a changing operation would do, as a value: done at once, or kept with a running operation until it is over. A `patch` is laid
 * over what is there by then, so that two running operations on one thing do not undo each other; null takes a member away.
 */
export interface Change {
  /** The kind of record, or `user`, `password`. */
  what: string
  parent: string
  key: string
  put?: object
  patch?: Record<string, unknown>
}

export function put<Doc extends object>(to: Collection<Doc>, parent: string, key: string, doc: Doc): Change {
  return { what: to.kind, parent, key, put: doc }
}

export function patch<Doc extends object>(of: Collection<Doc>, parent: string, key: string, part: Partial<Nullable<Doc>>): Change {
  return { what: of.kind, parent, key, patch: part }
}

/** Neither `put` nor `patch`: it goes. */
export function drop(from: { kind: string }, parent: string, key: string): Change {
  return { what: from.kind, parent, key }
}

export function putUser(user: User): Change {
  return { what: 'user', parent: user.userpoolId, key: user.id, put: user }
}

export function patchUser(user: User, part: Partial<Nullable<User>>): Change {
  return { what: 'user', parent: user.userpoolId, key: user.id, patch: part }
}

export function dropUser(user: User): Change {
  return { what: 'user', parent: user.userpoolId, key: user.id }
}

export function putPassword(user: User, password: Password): Change {
  return { what: 'password', parent: user.userpoolId, key: user.id, put: password }
}

/** A subject joins a group, or whatever else has members in the organization; without a document it leaves. */
export function member(organization: string, team: string, subject: string, doc?: { type: string }): Change {
  return { what: 'member', parent: organization, key: `${team}\n${subject}`, ...(doc === undefined ? {} : { put: doc }) }
}

/** All members leave. */
export function dropTeam(organization: string, team: string): Change {
  return { what: 'team', parent: organization, key: team }
}

/** A subject leaves the organization and all in it. */
export function dropPerson(organization: string, subject: string): Change {
  return { what: 'person', parent: organization, key: subject }
}

/** All that is in a pool goes. */
export function dropContents(pool: Pool): Change {
  return { what: 'contents', parent: '', key: pool.id }
}

/** What a change belongs to has gone while its operation ran. */
export class Gone extends Error {}

type Nullable<T> = { [P in keyof T]: T[P] | null }

export function apply(call: Call, changes: readonly Change[]): void {
  for (const change of changes) (KINDS[change.what] ?? record)(call, change)
}

const KINDS: Record<string, (call: Call, change: Change) => void> = {
  contents(call, { key }) {
    empty(call, key)
  },
  operation(call, { key, put }) {
    if (put === undefined) succeed(call, key)
    else failWith(call, key, put as { code: number; message: string })
  },
  user(call, { parent, key, put, patch }) {
    const before = users.get(call, parent, key)
    if (put === undefined && patch === undefined) {
      users.remove(call, parent, key)
      forget(call, parent, key)
      return
    }
    if (before === undefined && put === undefined) return
    const user = (put ?? laid(before as User, patch as Record<string, unknown>)) as User
    if (before === undefined) {
      if (records.homes.get(call, 'pool', parent) === undefined) throw new Gone(`Userpool ${parent}`)
      users.add(call, parent, key, user, filing(user))
      records.homes.put(call, 'user', key, { parent })
      const organization = records.homes.get(call, 'pool', parent)
      if (organization !== undefined) members.add(call, organization.parent, EVERYBODY, key)
    } else {
      users.save(call, parent, key, user, filing(user))
    }
  },
  member(call, { parent, key, put }) {
    const [team = '', subject = ''] = key.split('\n')
    if (put === undefined) members.remove(call, parent, team, subject)
    else members.add(call, parent, team, subject, put as Record<string, unknown>)
  },
  team(call, { parent, key }) {
    members.removeTeam(call, parent, key)
  },
  person(call, { parent, key }) {
    members.removePerson(call, parent, key)
  },
  password(call, { parent, key, put, patch }) {
    const before = passwords.get(call, parent, key)
    if (put !== undefined) passwords.put(call, parent, key, put as Password)
    else if (patch !== undefined && before !== undefined) passwords.put(call, parent, key, laid(before, patch))
    else if (patch === undefined) passwords.remove(call, parent, key)
  },
}

/** Ends another operation. */
export function endOperation(id: string, error?: { code: number; message: string }): Change {
  return { what: 'operation', parent: '', key: id, ...(error === undefined ? {} : { put: error }) }
}

function record(call: Call, { what, parent, key, put, patch }: Change): void {
  const collection = COLLECTIONS.get(what)
  if (collection === undefined) throw new Error(`nobody keeps ${what}`)
  if (put !== undefined) collection.put(call, parent, key, put)
  else if (patch !== undefined) collection.update(call, parent, key, (doc) => laid(doc, patch))
  else collection.remove(call, parent, key)
}

const COLLECTIONS = new Map<string, Collection<object>>(
  Object.values({ ...records, ...applicationRecords })
    .filter((value): value is Collection<never> => 'kind' in value)
    .map((value) => [value.kind, value as unknown as Collection<object>]),
)

/** The document with what a patch says of it. */
export function laid<Doc extends object>(doc: Doc, patch: Record<string, unknown>): Doc {
  const out = { ...doc } as Record<string, unknown>
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete out[name]
    else out[name] = value
  }
  return out as Doc
}

export function domainOf(username: string): string {
  return username.slice(username.lastIndexOf('@') + 1).toLowerCase()
}

/** User names are compared without regard to case (a guess, yandex-idp 10). */
export function folded(username: string): string {
  return username.toLowerCase()
}

function filing(user: User): { names: { kind: string; name: string }[]; attributes: Record<string, string | undefined> } {
  return {
    names: [
      { kind: 'username', name: folded(user.username) },
      ...(user.externalId === undefined ? [] : [{ kind: 'externalId', name: user.externalId }]),
    ],
    attributes: {
      domain: domainOf(user.username),
      username: user.username,
      email: user.email,
      externalId: user.externalId,
      status: user.status,
    },
  }
}

import type { Collection } from '../../../core/records.ts'
import type { Change, Password, Pool, User } from '../../records.ts'

export type { Change }

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

/** Ends another operation. */
export function endOperation(id: string, error?: { code: number; message: string }): Change {
  return { what: 'operation', parent: '', key: id, ...(error === undefined ? {} : { put: error }) }
}

/** The document with what a patch says of it. */
export function laid<Doc extends object>(doc: Doc, patch: Record<string, unknown>): Doc {
  const out = { ...doc } as Record<string, unknown>
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete out[name]
    else out[name] = value
  }
  return out as Doc
}

type Nullable<T> = { [P in keyof T]: T[P] | null }

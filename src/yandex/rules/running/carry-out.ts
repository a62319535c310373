import type { Call } from '../../../core/call.ts'
import type { Collection } from '../../../core/records.ts'
import { members } from '../../../directory/members.ts'
import * as applicationRecords from '../../application-records.ts'
import * as records from '../../records.ts'
import { type Change, type Password, passwords, type User, users } from '../../records.ts'
import { EVERYBODY, empty, forget } from '../pools/pools.ts'
import { domainOf, folded } from '../users/users.ts'
import { laid } from './changes.ts'

/** What a change belongs to has gone while its operation ran. */
export class Gone extends Error {}

/** Ends another operation: well, or with this. */
type End = (id: string, error?: { code: number; message: string }) => void

/** What an operation would do is done; `end` does what it would do to others. */
export function carryOut(call: Call, changes: readonly Change[], end: End): void {
  for (const change of changes) {
    if (change.what === 'operation') end(change.key, change.put as Parameters<End>[1])
    else (KINDS[change.what] ?? record)(call, change)
  }
}

const KINDS: Record<string, (call: Call, change: Change) => void> = {
  contents(call, { key }) {
    empty(call, key)
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

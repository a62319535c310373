import type { Filing } from '../../../directory/people.ts'
import type { CognitoCall } from '../../call.ts'
import { type Pool, type User, users } from '../../records.ts'
import { searchable } from './filter.ts'

/** Kinds of login names, in the order in which a name given to an operation is looked up (cognito-behaviour A6). */
export const NAME_KINDS = ['username', 'sub', 'email', 'phone_number', 'preferred_username'] as const

const CONTACTS = ['email', 'phone_number'] as const

/** A name as it is compared: pools made with CaseSensitive false fold it (P10). */
export function fold(pool: Pool, name: string): string {
  return pool.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name
}

/** Whether users of this pool are named by their e-mail or phone number, the stored user name being the sub (S13). */
export function namedByContact(pool: Pool): boolean {
  return (pool.UsernameAttributes ?? []).length > 0
}

/** Under what a user is found: the name and sub always, an alias only when verified, a contact that names users always (A6). */
export function filing(pool: Pool, user: User): Filing {
  const names = [
    { kind: 'username', name: fold(pool, user.Username) },
    { kind: 'sub', name: user.sub },
  ]
  for (const kind of CONTACTS) {
    const value = user.Attributes[kind]
    // Whoever comes in through a provider is a profile of its own beside a local user of the same address (guide, linking).
    if (value === undefined || user.UserStatus === 'EXTERNAL_PROVIDER') continue
    const verified = user.Attributes[`${kind}_verified`] === 'true'
    if (pool.UsernameAttributes?.includes(kind) || (verified && pool.AliasAttributes?.includes(kind))) {
      names.push({ kind, name: fold(pool, value) })
    }
  }
  const preferred = user.Attributes.preferred_username
  if (preferred !== undefined && pool.AliasAttributes?.includes('preferred_username')) {
    names.push({ kind: 'preferred_username', name: fold(pool, preferred) })
  }
  return { names, attributes: searchable(user) }
}

/** Who else bears a verified alias that this user would get, if anybody. */
export function otherOwner(call: CognitoCall, pool: Pool, user: User, kind: 'email' | 'phone_number'): User | undefined {
  const value = user.Attributes[kind]
  if (value === undefined || !pool.AliasAttributes?.includes(kind)) return undefined
  const owner = users.owner(call, pool.Id, kind, fold(pool, value))
  return owner === undefined || owner === user.sub ? undefined : users.get(call, pool.Id, owner)
}

/** Takes an alias from its owner, who keeps the value unverified: what ForceAliasCreation asks for (S16). */
export function release(call: CognitoCall, pool: Pool, owner: User, kind: 'email' | 'phone_number'): void {
  const before: User = {
    ...owner,
    Attributes: { ...owner.Attributes, [`${kind}_verified`]: 'false' },
    UserLastModifiedDate: call.seconds,
  }
  users.save(call, pool.Id, owner.sub, before, filing(pool, before))
}

/** What a user of this pool calls themselves: what invitations and mails say instead of a sub. */
export function shownName(pool: Pool, user: User): string {
  if (!namedByContact(pool)) return user.Username
  const kind = pool.UsernameAttributes?.find((attribute) => user.Attributes[attribute] !== undefined)
  return (kind === undefined ? undefined : user.Attributes[kind]) ?? user.Username
}

/** The kind of name under which somebody else is found already, if any: what `add` would refuse. */
export function taken(call: CognitoCall, pool: Pool, user: User): string | undefined {
  return filing(pool, user).names.find(({ kind, name }) => {
    const owner = users.owner(call, pool.Id, kind, name)
    return owner !== undefined && owner !== user.sub
  })?.kind
}

/** Has a user get the verified aliases that somebody else bears, if that is wanted; else refuses (S16). A preferred name never moves. */
export function claimAliases(call: CognitoCall, pool: Pool, user: User, force: boolean): void {
  for (const kind of CONTACTS) {
    const owner = user.Attributes[`${kind}_verified`] === 'true' ? otherOwner(call, pool, user, kind) : undefined
    if (owner === undefined) continue
    if (!force) call.fail('AliasExistsException', `An account with the ${kind} already exists.`)
    release(call, pool, owner, kind)
  }
  const preferred = filing(pool, user).names.find(({ kind }) => kind === 'preferred_username')
  const owner = preferred === undefined ? undefined : users.owner(call, pool.Id, preferred.kind, preferred.name)
  if (owner !== undefined && owner !== user.sub) {
    call.fail('AliasExistsException', 'An account with the given preferred_username already exists.')
  }
}

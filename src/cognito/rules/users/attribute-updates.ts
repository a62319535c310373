import type { CognitoCall } from '../../call.ts'
import type { CodeDeliveryDetailsType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { deliver } from '../messages/deliveries.ts'
import type { Contact } from '../messages/messages.ts'
import { taken } from './aliases.ts'
import { checkSchema, requireDeletable, requireMutable, withAttributes, without } from './attributes.ts'
import { change } from './users.ts'

const CONTACTS: readonly Contact[] = ['email', 'phone_number']

/** Sets attributes, an empty value deleting one; a new contact is unverified, and gets a code where the pool verifies it (A10, A11). */
export function updateAttributes(
  call: CognitoCall,
  pool: Pool,
  user: User,
  given: Readonly<Record<string, string>>,
): { user: User; deliveries: CodeDeliveryDetailsType[] } {
  checkSchema(call, pool, given)
  requireMutable(call, pool, given)
  const deleted = Object.keys(given).filter((name) => given[name] === '')
  requireDeletable(call, pool, deleted)

  let set: Record<string, string> = { ...given }
  let pending = user.Pending ?? {}
  const toVerify: { contact: Contact; destination: string }[] = []
  for (const contact of CONTACTS) {
    const flag = `${contact}_verified`
    const destination = given[contact]
    if (destination === '') set[flag] = ''
    if (given[flag] === 'true') {
      // An administrator's word is as good as a code, for a waiting value too.
      const waiting = pending[contact]
      if (destination === undefined && waiting !== undefined) set[contact] = waiting
      pending = without(pending, [contact])
    } else if (destination !== undefined && destination !== '' && destination !== user.Attributes[contact]) {
      const verifies = pool.AutoVerifiedAttributes?.includes(contact) === true
      if (verifies) toVerify.push({ contact, destination })
      if (verifies && pool.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate?.includes(contact)) {
        requireFree(call, pool, user, contact, destination)
        set = without(set, [contact, flag])
        pending = { ...pending, [contact]: destination }
      } else {
        set[flag] = 'false'
        pending = without(pending, [contact])
      }
    }
  }

  const changed = change(call, pool, user, {
    Attributes: withAttributes(user.Attributes, set),
    Pending: Object.keys(pending).length === 0 ? undefined : pending,
  })
  const deliveries = toVerify.map(({ contact, destination }) =>
    deliver(call, pool, changed, { purpose: `verify ${contact}`, occasion: 'UpdateUserAttribute', contact, destination }),
  )
  return { user: changed, deliveries }
}

/** A value that waits for its code is not filed yet, but must be free already. */
function requireFree(call: CognitoCall, pool: Pool, user: User, contact: Contact, value: string): void {
  const next = { ...user, Attributes: { ...user.Attributes, [contact]: value } }
  if (taken(call, pool, next) === contact) call.fail('AliasExistsException', `An account with the given ${contact} already exists.`)
}

/** Deletes attributes; a contact takes its flag with it. */
export function deleteAttributes(call: CognitoCall, pool: Pool, user: User, names: readonly string[]): void {
  requireDeletable(call, pool, names)

  const flags = CONTACTS.filter((contact) => names.includes(contact)).map((contact) => `${contact}_verified`)
  change(call, pool, user, { Attributes: without(user.Attributes, [...names, ...flags]) })
}

/** Only a contact can be verified by a code (measured in July 2026, floci#1898). */
export function requireVerifiable(call: CognitoCall, name: string): Contact {
  const contact = CONTACTS.find((kind) => kind === name)
  return contact ?? call.fail('InvalidParameterException', 'Invalid attribute name. Only phone_number and email can be verified.')
}

/** A code came back from `destination`: it becomes the value if it was waiting, and is verified if it is still the user's (A11). */
export function verifyAttribute(call: CognitoCall, pool: Pool, user: User, contact: Contact, destination: string): void {
  const { [contact]: waiting, ...others } = user.Pending ?? {}
  if (waiting !== destination && user.Attributes[contact] !== destination) return
  const rest = waiting === destination ? others : (user.Pending ?? {})
  change(call, pool, user, {
    Attributes: { ...user.Attributes, [contact]: destination, [`${contact}_verified`]: 'true' },
    Pending: Object.keys(rest).length === 0 ? undefined : rest,
  })
}

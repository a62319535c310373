import { createHash } from 'node:crypto'
import type { CognitoCall } from '../../call.ts'
import type { CodeDeliveryDetailsType } from '../../contract/types.ts'
import type { Client, Pool, User } from '../../records.ts'
import { isEmail, isPhoneNumber } from '../users/attributes.ts'
import { issueCode, type Purpose } from './codes.ts'
import { type Contact, deliveryDetails, type Occasion, sendCode } from './messages.ts'

/** The attribute that a sign-up's code goes to: auto-verified and given, the phone number first (S3). */
export function confirmationContact(pool: Pool, user: User): Contact | undefined {
  const kinds: Contact[] = ['phone_number', 'email']
  return kinds.find((kind) => pool.AutoVerifiedAttributes?.includes(kind) && user.Attributes[kind] !== undefined)
}

/** Draws a code for this purpose and sends it; the destination is the attribute's value unless another is given. */
export function deliver(
  call: CognitoCall,
  pool: Pool,
  user: User,
  {
    purpose,
    occasion,
    contact,
    ...more
  }: { purpose: Purpose; occasion: Occasion; contact: Contact; destination?: string; clientId?: string },
): CodeDeliveryDetailsType {
  const destination = more.destination ?? user.Attributes[contact] ?? ''
  const code = issueCode(call, pool, user, purpose, { attribute: contact, destination })
  return sendCode(call, pool, user, { occasion, contact, destination, code, clientId: more.clientId })
}

/** Whether this client is not told that a user does not exist (cognito-facts 47: unset is LEGACY). */
export function hidesExistence(client: Client): boolean {
  return client.PreventUserExistenceErrors === 'ENABLED'
}

/** For a user who does not exist: details that look like anybody's, and the same for a name each time. */
export function simulatedDetails(pool: Pool, username: string): CodeDeliveryDetailsType {
  if (isEmail(username)) return deliveryDetails('email', username)
  if (isPhoneNumber(username)) return deliveryDetails('phone_number', username)
  const digest = createHash('sha256').update(`${pool.Id} ${username}`).digest()
  const letter = (at: number) => String.fromCharCode(97 + ((digest[at] ?? 0) % 26))
  const mail = pool.AutoVerifiedAttributes?.includes('email') !== false || !pool.AutoVerifiedAttributes.includes('phone_number')
  return mail
    ? deliveryDetails('email', `${letter(0)}@${letter(1)}`)
    : deliveryDetails('phone_number', String(1000 + (digest.readUInt16BE(2) % 9000)))
}

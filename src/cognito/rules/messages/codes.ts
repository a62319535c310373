import type { CognitoCall } from '../../call.ts'
import { type Code, codes, type Pool, type User } from '../../records.ts'
import type { Contact } from './messages.ts'

/** What a code is good for. Each purpose of a user has at most one: the old one dies when the next goes out (S19). */
export type Purpose = 'confirm' | 'reset' | `verify ${Contact}`

const HOUR = 3_600_000

/** A reset must be done within the hour, all else within a day (cognito-facts 82). */
function lifetime(purpose: Purpose): number {
  return purpose === 'reset' ? HOUR : 24 * HOUR
}

const LENGTH = 6

/** Draws a code and files it for this purpose. */
export function issueCode(call: CognitoCall, pool: Pool, user: User, purpose: Purpose, to: Omit<Code, 'code'>): string {
  const code = call.code(LENGTH, user.Attributes.email, user.Attributes.phone_number, user.Username)
  const expires = call.now + lifetime(purpose)
  codes.issue(call, key(pool, user, purpose), { pool: pool.Id, person: user.sub, expires, doc: { code, ...to } })
  return code
}

export const WRONG_CODE = 'Invalid verification code provided, please try again.'
export const NO_CODE = 'Invalid code provided, please request a code again.'

/** Uses a code up, or refuses: none or an old one (ExpiredCode), another one (CodeMismatch) (S15, F5). */
export function useCode(call: CognitoCall, pool: Pool, user: User, purpose: Purpose, given: string): Code {
  const ticket = codes.find(call, key(pool, user, purpose))
  if (ticket === undefined || ticket.expires <= call.now) return call.fail('ExpiredCodeException', NO_CODE)
  if (ticket.doc.code !== given) call.fail('CodeMismatchException', WRONG_CODE)
  codes.remove(call, ticket)
  return ticket.doc
}

/** A code is asked for by whose it is and what for, not by itself: a wrong one must be told from none. */
function key(pool: Pool, user: User, purpose: Purpose): string {
  return `${pool.Id} ${user.sub} ${purpose}`
}

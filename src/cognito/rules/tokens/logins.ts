import { type Ticket, tickets } from '../../../directory/tickets.ts'
import { revokeSession } from '../../../oauth/sessions.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'

/** One sign-in and what all tokens that come of it say alike, whatever is refreshed. */
export interface Login {
  client: string
  /** Epoch seconds. */
  authTime: number
  eventId: string
  originJti: string
  /** Space-separated, as access tokens print it. */
  scope: string
  /** Epoch milliseconds: when its first refresh token ends, and with it the sign-in. */
  ends: number
  /** Through the OAuth endpoints, whose access tokens bear a version (T1). */
  oauth?: boolean
  device?: string
  /** The session of the sign-in pages that it came of, by its id. */
  page?: string
  /** Epoch milliseconds: whoever runs the emulator let its tokens expire before their time. */
  expired?: number
  /** How strongly the user signed in, and by what, where that was asked for; the same at each refresh. */
  acr?: string | undefined
  amr?: string[] | undefined
  /** For whom its access tokens are meant, where an OAuth request said so. */
  resource?: string | undefined
}

/** Found by event id, which every token bears; family = origin_jti. Revoking one ends all tokens of the sign-in. */
export const logins = tickets<Login>('cognito.login')

/** Whose tokens, and of which sign-in. */
export interface Bearer {
  pool: Pool
  client: Client
  user: User
  login: Login
}

/** What tokens of API sign-ins may do (T4). */
export const ADMIN_SCOPE = 'aws.cognito.signin.user.admin'

/** As if the time of its tokens were over; those minted later are good. */
export function endSignIn(call: CognitoCall, login: Ticket<Login>): void {
  logins.rewrite(call, login, { ...login.doc, expired: call.now })
}

/** Ends all sign-ins of a user: no token issued before is good for anything here (T8, A9). */
export function signOutEverywhere(call: CognitoCall, pool: Pool, user: User): void {
  logins.revokePerson(call, pool.Id, user.sub)
}

/**
 * Ends one sign-in: its access tokens and all its refresh tokens (T9). `linked` also ends the session of the pages that it came
 * through, not what else came of that (API reference, RevokeAssociatedSessions).
 */
export function revokeLogin(call: CognitoCall, { doc }: Ticket<Login>, { linked }: { linked: boolean }): void {
  logins.revokeFamily(call, doc.originJti)
  if (linked && doc.page !== undefined) revokeSession(call, doc.page)
}

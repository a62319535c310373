import type { Call } from '../../../core/call.ts'
import { type Ticket, tickets } from '../../../directory/tickets.ts'
import type { CognitoCall } from '../../call.ts'
import { type Client, type Pool, type User, users } from '../../records.ts'
import { findDevice } from '../factors/devices.ts'
import { type Bearer, type Login, logins } from './logins.ts'

/** What a refresh token stands for: a sign-in, by its event id. */
export interface RefreshToken {
  client: string
  login: string
}

/** Family = origin_jti, as the sign-in's. */
const refreshTokens = tickets<RefreshToken>('cognito.refresh')

const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url')

/** Bytes of the encrypted key, the initial vector, the cipher text and the tag of a real one. */
const PARTS = [256, 12, 700, 16]

/** Five parts like an encrypted JWT, and nothing in them: chance alone (I5, cognito-facts 25). It ends when the sign-in does (T12). */
export function issueRefreshToken(call: CognitoCall, { pool, client, user, login }: Bearer): string {
  const token = [HEADER, ...PARTS.map((length) => call.random.bytes(length).toString('base64url'))].join('.')
  refreshTokens.issue(call, token, {
    pool: pool.Id,
    person: user.sub,
    family: login.originJti,
    expires: login.ends,
    doc: { client: client.ClientId, login: login.eventId },
  })
  return token
}

/** A refresh token that came back: whose, and of which sign-in. */
export interface Refresh {
  ticket: Ticket<RefreshToken>
  user: User
  login: Ticket<Login>
}

/** Undefined if it is none of this client's. */
export function findRefreshToken(call: CognitoCall, pool: Pool, client: Client, token: string): Refresh | undefined {
  const ticket = refreshTokens.find(call, token)
  if (ticket === undefined || ticket.pool !== pool.Id || ticket.doc.client !== client.ClientId) return undefined
  const user = users.get(call, pool.Id, ticket.person)
  const login = logins.find(call, ticket.doc.login)
  return user === undefined || login === undefined ? undefined : { ticket, user, login }
}

/** What is known of a refresh token, whosever it is and whether it is still good. */
export function ticketOf(call: Call, token: string): Ticket<RefreshToken> | undefined {
  return refreshTokens.find(call, token)
}

/** Those of one sign-in are over, by whoever runs the emulator. */
export function endRefreshTokens(call: CognitoCall, family: string): void {
  refreshTokens.expireFamily(call, family)
}

/** Refuses what is no longer good; `invalid` is how the operation words a token it does not know (T10, T11). */
export function requireLive(
  call: CognitoCall,
  pool: Pool,
  { ticket, user, login }: Refresh,
  device: string | undefined,
  invalid: string,
): void {
  const refuse = (message: string) => call.fail('NotAuthorizedException', message)
  if (!user.Enabled) refuse('User is disabled.')
  if (login.revoked !== null) refuse('Refresh Token has been revoked')
  if (ticket.expires <= call.now) refuse('Refresh Token has expired')
  // The session of a tracked device goes on from that device only, as long as it is not forgotten (M13).
  const { device: own } = login.doc
  if (own !== undefined && (own !== device || findDevice(call, pool, user, own) === undefined)) refuse(invalid)
}

/** (?) The error is declared, its sentence is not known. */
const REUSED = 'Refresh token has been used already'

/** Uses a token up where the client rotates them; once the grace is over, coming with it again is an error of its own (T12). */
export function rotate(call: CognitoCall, bearer: Bearer, { ticket }: Refresh): string | undefined {
  const { Feature, RetryGracePeriodSeconds = 0 } = bearer.client.RefreshTokenRotation ?? {}
  if (Feature !== 'ENABLED') return undefined
  if (ticket.used !== null && call.now >= ticket.used + RetryGracePeriodSeconds * 1000) {
    call.fail('RefreshTokenReuseException', REUSED)
  }
  refreshTokens.use(call, ticket)
  return issueRefreshToken(call, bearer)
}

import type { Ticket } from '../../directory/tickets.ts'
import { tickets } from '../../directory/tickets.ts'
import type { CognitoCall } from '../operation.ts'
import { type Bearer, type Login, logins } from './tokens.ts'

/** What a refresh token stands for: a sign-in, by its event id. */
export interface RefreshToken {
  client: string
  login: string
}

/** Family = origin_jti, as the sign-in's. */
export const refreshTokens = tickets<RefreshToken>('cognito.refresh')

const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url')

/** Bytes of the encrypted key, the initial vector, the cipher text and the tag of a real one. */
const PARTS = [256, 12, 700, 16]

/** Five parts like an encrypted JWT, and nothing in them: chance alone (I5, cognito-facts 25). */
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

/** The sign-in a refresh token belongs to, revoked or not. */
export function loginOf(call: CognitoCall, ticket: Ticket<RefreshToken>): Ticket<Login> | undefined {
  return logins.find(call, ticket.doc.login)
}

import { createHash } from 'node:crypto'
import { type Ticket, tickets } from '../../../directory/tickets.ts'
import type { CognitoCall } from '../../call.ts'
import type { AuthFlowType, ChallengeNameType } from '../../contract/types.ts'
import type { Client, Pool } from '../../records.ts'
import type { Risk } from '../threats/threats.ts'
import { validity } from '../tokens/validity.ts'
import type { Round } from '../triggers/challenges.ts'

/** How strongly somebody signs in, from a password alone to a password with an app (guide, ACR levels). */
export type Level = 1 | 2 | 3 | 4

/** How far a sign-in has come. */
export interface Progress {
  flow: AuthFlowType
  /** As it was typed. */
  username: string
  /** '' for a user who does not exist and must not be seen not to. */
  sub: string
  /** What was proven so far, in order. */
  passed: ChallengeNameType[]
  /** What threat protection made of its beginning. */
  risk?: Risk
  /** The DEVICE_KEY that came with the request. */
  device?: string | undefined
  /** In a custom sign-in, what its functions are told has happened. */
  rounds?: Round[]
  /** Whether they have decided that there are tokens. */
  decided?: boolean
  /** The level that was asked for. */
  target?: Level | undefined
  /** What a passkey that was used is: bound to software or to hardware. */
  authenticator?: 'swk' | 'hwk' | undefined
}

/** A challenge that was put and waits for its answer. */
export interface Session {
  client: string
  challenge: ChallengeNameType
  progress: Progress
  /** The challenge's own. */
  state: unknown
  /** Hash of the Session text, where the ticket is filed under something else. */
  text: string
}

const sessions = tickets<Session>('cognito.session')

/** All session texts of the service begin alike: base64 of the header of an encrypted message (I4, cognito-facts 24). */
const HEAD = Buffer.from([0x01, 0x80, 0x01, 0x78])
const LENGTH = 1180

export function sessionText(call: CognitoCall): string {
  return Buffer.concat([HEAD, call.random.bytes(LENGTH - HEAD.length)]).toString('base64url')
}

/** Files what waits for an answer under `key` and answers the Session text, which is the key where there is no other. */
export function issueSession(
  call: CognitoCall,
  pool: Pool,
  client: Client,
  session: Omit<Session, 'client' | 'text'>,
  key?: string,
): string {
  const text = sessionText(call)
  sessions.issue(call, key ?? text, {
    pool: pool.Id,
    person: session.progress.sub,
    expires: call.now + validity(client).session * 1000,
    doc: { client: client.ClientId, text: hash(text), ...session },
  })
  return text
}

export const INVALID_SESSION = 'Invalid session for the user.'

/** The session with that key, or the refusal that says what is wrong with it (L17). `text` must be its own if it came along. */
export function openSession(
  call: CognitoCall,
  { pool, client, key, text }: { pool: Pool; client: Client; key: string; text: string | undefined },
): Ticket<Session> {
  const ticket = sessions.find(call, key)
  if (ticket === undefined || ticket.pool !== pool.Id || ticket.doc.client !== client.ClientId) return refuse(call, INVALID_SESSION)
  if (text !== undefined && ticket.doc.text !== hash(text)) return refuse(call, INVALID_SESSION)
  return requireOpen(call, ticket)
}

/** The session of a challenge that other operations take part in, found by its text alone. */
export function openSessionOf(call: CognitoCall, challenge: ChallengeNameType, text: string): Ticket<Session> {
  const ticket = sessions.find(call, text)
  if (ticket === undefined || ticket.doc.challenge !== challenge) return refuse(call, INVALID_SESSION)
  return requireOpen(call, ticket)
}

/** The same challenge goes on under a new text. */
export function renewSession(call: CognitoCall, ticket: Ticket<Session>, state: unknown): string {
  const pool = call.pool(ticket.pool)
  useSession(call, ticket)
  const { challenge, progress } = ticket.doc
  return issueSession(call, pool, call.client(pool, ticket.doc.client), { challenge, progress, state })
}

function requireOpen(call: CognitoCall, ticket: Ticket<Session>): Ticket<Session> {
  if (ticket.used !== null) return refuse(call, 'Invalid session for the user, session can only be used once.')
  if (ticket.expires <= call.now) return refuse(call, 'Invalid session for the user, session is expired.')
  return ticket
}

/** One use. A refusal undoes it, so that a mistyped code can be typed again in the same session (L22). */
export function useSession(call: CognitoCall, ticket: Ticket<Session>): void {
  sessions.use(call, ticket)
}

/** Ends a session although its call is refused: a proof that failed is not tried again. */
export function burnSession(call: CognitoCall, ticket: Ticket<Session>): void {
  call.afterRefusal((after) => {
    sessions.use(after, ticket)
  })
}

function refuse(call: CognitoCall, message: string): never {
  return call.fail('NotAuthorizedException', message)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

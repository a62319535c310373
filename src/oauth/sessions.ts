import type { Call } from '../core/call.ts'
import { tickets } from '../directory/tickets.ts'
import type { OAuthClient, Person, Realm } from './realm.ts'
import type { Cookie, Web } from './web.ts'

/** A sign-in at the pages that the browser remembers, whichever of the pool's clients it comes from next. */
interface Session {
  id: string
  /** Epoch seconds. */
  authTime: number
  /** What the vendor keeps of another identity provider that proved it. */
  via?: unknown
  proof?: unknown
}

/** What the vendor keeps of a sign-in: of another identity provider that proved it, and of what was proven. */
export interface Proven {
  via?: unknown
  proof?: unknown
}

const sessions = tickets<Session>('oauth.session')

const MINUTE = 60

/** Records that somebody proved who they are; the cookie, too, unless the client wants everybody asked each time. */
export function startSession(
  call: Call,
  realm: Realm,
  client: OAuthClient,
  personId: string,
  { via, proof }: Proven = {},
): { person: Person; cookies: Cookie[] } {
  const secret = call.random.bytes(32).toString('base64url')
  const id = call.random.uuid()
  const authTime = Math.floor(call.now / 1000)
  const maxAge = client.reuseMinutes * MINUTE
  const how = { ...(via === undefined ? {} : { via }), ...(proof === undefined ? {} : { proof }) }
  const person: Person = { id: personId, authTime, session: id, ...(proof === undefined ? {} : { proof }) }
  if (maxAge === 0) return { person, cookies: [] }
  sessions.issue(call, secret, {
    pool: client.pool,
    person: personId,
    family: id,
    expires: call.now + maxAge * 1000,
    doc: { id, authTime, ...how },
  })
  return { person, cookies: [{ name: realm.quirks.sessionCookie(client.pool), value: secret, maxAge }] }
}

/** Who is signed in at this browser, as far as this client takes it. */
export function openSession(call: Call, realm: Realm, client: OAuthClient, web: Web): Person | undefined {
  const ticket = found(call, realm, client, web)
  if (ticket === undefined || ticket.revoked !== null || ticket.expires <= call.now) return undefined
  const { id, authTime, proof } = ticket.doc
  if ((authTime + client.reuseMinutes * MINUTE) * 1000 <= call.now) return undefined
  if (!realm.admits(call, client, ticket.person)) return undefined
  return { id: ticket.person, authTime, session: id, ...(proof === undefined ? {} : { proof }) }
}

/** Ends a session by its id, wherever its browser is: the next visit is asked to sign in again. */
export function revokeSession(call: Call, id: string): void {
  sessions.revokeFamily(call, id)
}

/** What was kept of the way by which the session of this browser began. */
export function viaOf(call: Call, realm: Realm, client: OAuthClient, web: Web): unknown {
  const ticket = found(call, realm, client, web)
  return ticket === undefined || ticket.revoked !== null || ticket.expires <= call.now ? undefined : ticket.doc.via
}

/** Ends the session of this browser; the cookie goes in any case. */
export function endSession(call: Call, realm: Realm, client: OAuthClient, web: Web): Cookie[] {
  const ticket = found(call, realm, client, web)
  if (ticket !== undefined) sessions.remove(call, ticket)
  return [{ name: realm.quirks.sessionCookie(client.pool), value: '' }]
}

function found(call: Call, realm: Realm, client: OAuthClient, web: Web) {
  const secret = web.cookies[realm.quirks.sessionCookie(client.pool)]
  const ticket = secret === undefined ? undefined : sessions.find(call, secret)
  return ticket?.pool === client.pool ? ticket : undefined
}

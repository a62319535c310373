import type { HarmonyCall } from '../call.ts'
import { wayBack } from '../pages.ts'
import { AUTH0, type Auth0Record, clientHomes, clients, type Link, links } from '../records.ts'

/** (?) Auth0's own standard for such tickets, five days. */
const LIFETIME = 5 * 24 * 3_600_000

const PATHS = { verify: '/harmony/u/email-verification', password: '/harmony/lo/reset' }

/** A new link voids the older ones of the same purpose (harmony-auth 4.6). */
export function issueLink(call: HarmonyCall, user: Auth0Record, purpose: Link['purpose'], clientId: string | undefined): string {
  for (const old of links.ofPerson(call, AUTH0, user.id)) if (old.doc.purpose === purpose) links.remove(call, old)
  const secret = call.random.bytes(24).toString('base64url')
  links.issue(call, secret, { pool: AUTH0, person: user.id, expires: call.now + LIFETIME, doc: { purpose, email: user.email, clientId } })
  return `${call.origin.base}${PATHS[purpose]}?ticket=${secret}`
}

/** Whose the link is, if it is of that purpose and still good. */
export function openLink(call: HarmonyCall, secret: string, purpose: Link['purpose']): { person: string; link: Link } | undefined {
  const ticket = links.find(call, secret)
  if (ticket === undefined || ticket.doc.purpose !== purpose || ticket.used !== null || ticket.expires <= call.now) return undefined
  return { person: ticket.person, link: ticket.doc }
}

export function spendLink(call: HarmonyCall, secret: string): void {
  const ticket = links.find(call, secret)
  if (ticket !== undefined) links.use(call, ticket)
}

/** A way back to the client that asked for the mail. */
export function backTo(call: HarmonyCall, clientId: string | undefined): string {
  const home = clientId === undefined ? undefined : clientHomes.get(call, '', clientId)
  const client = home === undefined ? undefined : clients.get(call, home.parent, clientId as string)
  return wayBack(client?.name, client?.callbacks[0])
}

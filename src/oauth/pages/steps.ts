import { tickets } from '../../directory/tickets.ts'
import type { Cookie } from '../web.ts'
import type { Visit } from './page.ts'

/** How far somebody has come on the way through the pages: the vendor's own document, for the client it began with. */
interface Step {
  client: string
  doc: unknown
}

const steps = tickets<Step>('oauth.step')

const MINUTE = 60_000
/** A vendor's own sessions end sooner. */
const LIFETIME = 60 * MINUTE

/** Keeps a document for the next page; only the browser that gets the cookie finds it again. */
export function keepStep(visit: Visit, doc: unknown): Cookie {
  const { call, realm, asked } = visit
  const secret = call.random.bytes(32).toString('base64url')
  steps.issue(call, secret, { pool: asked.client.pool, expires: call.now + LIFETIME, doc: { client: asked.client.id, doc } })
  return { name: realm.quirks.stepCookie, value: secret }
}

export function stepOf<Doc>({ call, realm, web, asked }: Visit): Doc | undefined {
  const secret = web.cookies[realm.quirks.stepCookie]
  const ticket = secret === undefined ? undefined : steps.find(call, secret)
  if (ticket === undefined || ticket.expires <= call.now || ticket.doc.client !== asked.client.id) return undefined
  return ticket.doc.doc as Doc
}

import type { Call } from '../../core/call.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Ticket, tickets } from '../../directory/tickets.ts'
import type { Authorization } from '../authorize/check.ts'
import { authorization, type Leading } from '../authorize/index.ts'
import type { Realm } from '../realm.ts'
import { refuse } from '../refusal.ts'
import { repeatedIn, type Web, withFragment, withQuery } from '../web.ts'

/** Somebody on the way to another identity provider and back: what was asked for here, and what was asked for there. */
export interface Journey {
  client: string
  provider: string
  /** The query of the request for authorization, which is checked anew when they are back. */
  search: string
  /** Of the browser that set out. */
  browser: string
  /** Ours, of this one journey: what an ID token of the vendor's may say of a sign-in whose request has none of its own. */
  nonce: string
  /** The ID of a SAML request: its answer names it. */
  request: string
  /** Where the answer is to come. */
  landing: string
  /** Whether it comes by a form of the provider's page. */
  byForm?: boolean
}

const journeys = tickets<Journey>('oauth.journey')

/** As long as in life: 171 characters (seen in public ID tokens). */
const NONCE_BYTES = 128

/** Somebody must be back after five minutes. */
const LIFETIME = 5 * 60_000
const BROWSER_COOKIE = 'csrf-state'
const FORM = /^[\w-]{43}$/

export interface SetOut {
  /** What the provider is to hand back, good once. */
  state: string
  request: string
  /** The way there, with what the browser must remember. */
  leading(to: string): Leading
}

/** Somebody sets out: what comes back is known again by its state, and by the browser's cookie where browsers send it. */
export function setOut(
  call: Call,
  web: Web,
  asked: Authorization,
  { provider, landing, byForm }: Pick<Journey, 'provider' | 'landing' | 'byForm'>,
): SetOut {
  const draw = () => call.random.bytes(32).toString('base64url')
  const known = web.cookies[BROWSER_COOKIE]
  const browser = known !== undefined && FORM.test(known) ? known : draw()
  const state = draw()
  const nonce = call.random.bytes(NONCE_BYTES).toString('base64url')
  const request = `_${call.random.bytes(20).toString('hex')}`
  const { id: client, pool } = asked.client
  const search = new URLSearchParams(Object.entries(asked.params).filter((pair): pair is [string, string] => pair[1] !== undefined))
  const doc: Journey = {
    client,
    provider,
    search: search.toString(),
    browser,
    nonce,
    request,
    landing,
    ...(byForm === true ? { byForm } : {}),
  }
  journeys.issue(call, state, { pool, expires: call.now + LIFETIME, doc })
  return {
    state,
    request,
    leading: (to) => ({ to, cookies: [{ name: BROWSER_COOKIE, value: browser, crossSite: true }] }),
  }
}

export interface Return {
  journey: Journey
  asked: Authorization
}

/**
 * Somebody is back. Whatever comes of it, the same answer does not count twice. Everybody is held to the browser that began, save that
 * without TLS a form of the provider's page comes without our cookies.
 */
export function comeBack(call: Call, realm: Realm, web: Web, state: string | undefined): Return {
  const ticket = state === undefined ? undefined : journeys.find(call, state)
  if (ticket === undefined || ticket.used !== null || ticket.expires <= call.now) return refuse('invalid_request', LOST)
  const { doc } = ticket
  const cookie = web.cookies[BROWSER_COOKIE]
  const bare = cookie === undefined && doc.byForm === true && web.method === 'POST' && web.site.startsWith('http:')
  if (cookie !== doc.browser && !bare) return refuse('invalid_request', LOST)
  useUp(call, ticket)
  return { journey: doc, asked: askedAgain(call, realm, web, doc.search) }
}

/** A request for authorization that came by another way than its own address. */
export function askedAgain(call: Call, realm: Realm, web: Web, search: string): Authorization {
  const params = new URLSearchParams(search)
  const query = Object.fromEntries([...params].reverse())
  return authorization(call, realm, { ...web, search, query, repeated: repeatedIn(params) })
}

function useUp(call: Call, ticket: Ticket<Journey>): void {
  journeys.use(call, ticket)
  call.afterRefusal((after) => journeys.use(after, ticket))
}

/** The words of a vendor's page for somebody who is too late, or was never on the way (cognito-facts 196). */
const LOST =
  'Something went wrong: this sign-in was begun in another browser, took more than five minutes, or what the identity provider said was used already.'

type Tell = (refusal: Refusal) => { error: string; description?: string | undefined }

/** What becomes of a refusal on arrival, of what follows it too: the client hears of it, in the vendor's words. */
export function heardByClient<T>(call: Call, asked: Authorization, tell: Tell, arrive: () => T): T {
  const arrived = ledBack(asked, tell, arrive)
  const { followUps = [] } = call.context
  call.context.followUps = followUps.map((work) => ({ ...work, hear: (answer) => ledBack(asked, tell, () => work.hear(answer)) }))
  return arrived
}

function ledBack<T>(asked: Authorization, tell: Tell, act: () => T): T {
  try {
    return act()
  } catch (error) {
    // Only told differently, and thrown on: a question goes its own way.
    if (!(error instanceof Refusal) || error.facts.back !== undefined) throw error
    const { error: name, description } = tell(error)
    const answer = { error_description: description, state: asked.state, error: name }
    const back = asked.responseType === 'token' ? withFragment(asked.redirectUri, answer) : withQuery(asked.redirectUri, answer)
    throw new Refusal(error.name, error.message, { ...error.facts, back })
  }
}

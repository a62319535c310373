import { type KeyObject, verify } from 'node:crypto'
import type { Call } from '../core/call.ts'
import { tickets } from '../directory/tickets.ts'
import type * as Saml from '../oauth/saml/index.ts'
import type { Web } from '../oauth/web.ts'
import { certificateOf, keyOf } from './keys.ts'
import { ask, choose, complain, type Document, instant, posting } from './page.ts'
import type { Someone } from './people.ts'
import type { Party } from './registry.ts'

type Library = typeof Saml

/** Who signed in where: what a session index stands for. */
interface Session {
  issuer: string
  person: string
  acs: string
}
const sessions = tickets<Session>('upstream.session')
const SESSION_LIFETIME = 24 * 3600_000

/** Asks who one wants to be, and posts an assertion about them. */
export function signIn(library: Library, call: Call, party: Party, web: Web): Document {
  const request = requestIn(library, party, web)
  if (typeof request === 'string') return complain(call, web, 'invalid_request', request)
  if (request.kind !== 'AuthnRequest') return complain(call, web, 'invalid_request', 'The SAMLRequest is no AuthnRequest.')
  const { id, acsUrl: acs } = request
  if (acs === undefined || !party.mayReturn(acs)) {
    return complain(call, web, 'invalid_request', `The AssertionConsumerServiceURL ${acs ?? ''} is not one of the user pool's.`)
  }
  const answer = (someone: Someone | undefined) => respond(library, call, party, web, { someone, acs, request: id })
  if (web.method === 'GET') {
    const known = instant(call, party, web)
    return known === undefined ? ask(call, party, web) : answer(known)
  }
  const chosen = choose(call, party, web)
  if ('wrong' in chosen) return ask(call, party, web, chosen.wrong)
  return answer('denied' in chosen ? undefined : chosen.someone)
}

function respond(
  { response, refusal, STATUS, NAME_ID }: Library,
  call: Call,
  party: Party,
  web: Web,
  { someone, acs, request }: { someone: Someone | undefined; acs: string; request: string | undefined },
): Document {
  const draw = () => `_${call.random.bytes(20).toString('hex')}`
  const signer = { key: keyOf(party.issuer).private, certificate: certificateOf(party.issuer) }
  const about = { issuer: party.issuer, destination: acs, inResponseTo: request, now: call.now }
  if (someone === undefined) {
    const why = { code: STATUS.responder, detail: STATUS.requestDenied, message: 'The person refused.' }
    return posted(call, party, web, acs, refusal({ ...about, ids: { response: draw() } }, why, signer))
  }
  const sessionIndex = draw()
  const session = { issuer: party.issuer, person: someone.id, acs }
  sessions.issue(call, sessionIndex, { pool: party.issuer, expires: call.now + SESSION_LIFETIME, doc: session })
  const xml = response(
    {
      ...about,
      ids: { response: draw(), assertion: draw() },
      audience: party.client,
      nameId: { format: NAME_ID.persistent, value: someone.id },
      authTime: call.now,
      sessionIndex,
      attributes: Object.entries(someone.claims).map(([name, value]) => ({ name, values: textsOf(value) })),
    },
    'both',
    signer,
  )
  return posted(call, party, web, acs, xml)
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return value === null || value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)]
}

function posted(call: Call, party: Party, web: Web, to: string, xml: string): Document {
  const { RelayState } = web.query
  const hidden = { SAMLResponse: Buffer.from(xml).toString('base64'), ...(RelayState === undefined ? {} : { RelayState }) }
  return posting(call, party, web, to, hidden)
}

/** Ends what a session index stands for, and posts the answer to where its service provider hears of it. */
export function signOut(library: Library, call: Call, party: Party, web: Web): Document {
  const request = requestIn(library, party, web)
  if (typeof request === 'string') return complain(call, web, 'invalid_request', request)
  if (request.kind !== 'LogoutRequest') return complain(call, web, 'invalid_request', 'The SAMLRequest is no LogoutRequest.')
  const ticket = sessions.find(call, request.sessionIndexes[0] ?? '')
  if (ticket === undefined || ticket.doc.issuer !== party.issuer || ticket.doc.person !== request.nameId) {
    return complain(call, web, 'invalid_request', 'There is no such session.')
  }
  sessions.remove(call, ticket)
  const destination = party.signOutAt(ticket.doc.acs)
  const signer = { key: keyOf(party.issuer).private, certificate: certificateOf(party.issuer) }
  const ids = { response: `_${call.random.bytes(20).toString('hex')}` }
  const xml = library.logoutResponse({ ids, issuer: party.issuer, destination, inResponseTo: request.id, now: call.now }, signer)
  return posted(call, party, web, destination, xml)
}

/** The request, or what is wrong with it. Whoever signs requests is held to it. */
function requestIn({ readRequest, Unreadable }: Library, party: Party, web: Web): Saml.SamlRequest | string {
  const { SAMLRequest = '', Signature } = web.query
  try {
    const request = readRequest(SAMLRequest, 'redirect')
    if (request.issuer !== party.client) return `The Issuer ${request.issuer} is not the one of this user pool, ${party.client}.`
    const mustSign = party.signsRequests || request.kind === 'LogoutRequest'
    if ((mustSign || Signature !== undefined) && !isSigned(web.search, party.requestKey))
      return 'The signature of the SAMLRequest is invalid.'
    return request
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return error.message
  }
}

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** Over the query as it came (SAML bindings, 3.4.4.1): what is read of it is what was signed, so nothing comes twice or under another spelling. */
function isSigned(search: string, key: KeyObject | undefined): boolean {
  const parts = new Map(search.split('&').map((part) => [part.split('=', 1)[0] ?? '', part] as const))
  const read = new URLSearchParams(search)
  const names = ['SAMLRequest', 'RelayState', 'SigAlg']
  if (names.some((name) => read.getAll(name).length !== (parts.has(name) ? 1 : 0))) return false
  const signed = names.flatMap((name) => parts.get(name) ?? []).join('&')
  const [algorithm, signature] = [read.get('SigAlg'), read.get('Signature') ?? '']
  return key !== undefined && algorithm === RSA_SHA256 && verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64'))
}

/** Who we are, for service providers. */
export function metadata({ metadataOf, NAME_ID }: Library, { issuer }: Party, base: string): string {
  const formats = [NAME_ID.persistent]
  return metadataOf({
    entityId: issuer,
    certificates: [certificateOf(issuer)],
    ssoUrl: `${base}/saml`,
    sloUrl: `${base}/slo`,
    nameIdFormats: formats,
  })
}

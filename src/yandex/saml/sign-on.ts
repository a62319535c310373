import type { Call } from '../../core/call.ts'
import type { Leading } from '../../oauth/authorize/index.ts'
import { languageOf, sayIn } from '../../oauth/pages/languages.ts'
import { type Document, standalone } from '../../oauth/pages/visit.ts'
import { refuse } from '../../oauth/refusal.ts'
import type * as Saml from '../../oauth/saml/index.ts'
import { openSession } from '../../oauth/sessions.ts'
import type { Web } from '../../oauth/web.ts'
import type { StoredSaml } from '../application-records.ts'
import { ownCall } from '../call.ts'
import { realm } from '../realm.ts'
import { metadataOf } from '../rules/applications/saml.ts'
import { suffices } from '../rules/users/factors.ts'
import { type Asked, clientOf, keepRequest, requestBy, seatIn, takeAnswer, usable } from './requests.ts'
import { denial, responseTo } from './responses.ts'

type Tools = typeof Saml

const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/**
 * Where service providers send people. A request in a form comes without cookies (it is another site's), so it is kept and asked again
 * by a redirect; a request whose person is not signed in goes by the pages; and each comes back here for its answer.
 */
export function signOn(call: Call, tools: Tools, web: Web, id: string): Document | Leading {
  const application = usable(call, id)
  const at = `${web.site}/saml/application/${id}/sso`
  if (web.query.answer !== undefined) {
    const { asked, person } = takeAnswer(call, web.query.answer)
    requireSame(asked, id)
    return answer(call, web, asked, responseTo(ownCall(call), tools, application, asked, person))
  }
  if (web.method === 'POST') return { to: `${at}?request=${keepRequest(call, checked(call, tools, web, application))}` }
  const asked = web.query.request === undefined ? checked(call, tools, web, application) : requestBy(call, web.query.request)
  requireSame(asked, id)
  const open = asked.forceAuthn ? undefined : openSession(call, realm, clientOf(application), web)
  const session = open === undefined || suffices(call, application.organizationId, open) ? open : undefined
  if (session !== undefined) return answer(call, web, asked, responseTo(ownCall(call), tools, application, asked, session))
  if (asked.isPassive) {
    return answer(call, web, asked, denial(call, tools, application, asked, tools.STATUS.noPassive, 'Nobody is signed in.'))
  }
  return { to: `${web.site}/auth/login?saml=${web.query.request ?? keepRequest(call, asked)}` }
}

/** What was kept for one application is no other's: its response would go to the wrong service provider. */
function requireSame({ application }: Asked, id: string): void {
  if (application !== id) refuse('invalid_request', `The SAML request is one to the application ${application}, not to ${id}.`)
}

/** The request, held to what the application's service provider may ask. Signatures of requests are not looked at: the API has no certificate to know them by. */
function checked(call: Call, tools: Tools, web: Web, application: StoredSaml): Asked {
  const { request, relayState } = readFrom(tools, web)
  if (request.kind !== 'AuthnRequest') return refuse('invalid_request', 'This is where people sign in; a LogoutRequest goes to sloUrl.')
  const { serviceProvider } = requireIssuer(application, request.issuer)
  requireMeant(request, metadataOf(call, application.id).ssoUrl)
  if (request.binding !== undefined && request.binding !== POST) {
    refuse('invalid_request', `The answer goes by HTTP-POST, not by ${request.binding}.`)
  }
  const { acsUrls = [] } = serviceProvider
  const known = acsUrls.map(({ url }) => url)
  const { acsUrl, acsIndex } = request
  if (acsUrl !== undefined && !known.includes(acsUrl)) {
    refuse(
      'redirect_mismatch',
      `The AssertionConsumerServiceURL ${acsUrl} is not one of the application's. Registered: ${known.join(', ')}.`,
    )
  }
  const byIndex = acsUrls.find(({ index }) => index === acsIndex)?.url
  if (acsUrl === undefined && acsIndex !== undefined && byIndex === undefined) {
    refuse('redirect_mismatch', `The application has no ACS URL with the index ${acsIndex}.`)
  }
  return {
    application: application.id,
    request: request.id,
    acsUrl: acsUrl ?? (acsIndex === undefined ? (known[0] ?? '') : (byIndex ?? '')),
    relayState,
    nameIdFormat: request.nameIdFormat,
    forceAuthn: request.forceAuthn,
    isPassive: request.isPassive,
  }
}

/** A request says where it goes, if it says so at all. */
export function requireMeant({ destination }: Pick<Saml.SamlRequest, 'destination'>, here: string): void {
  if (destination === undefined || isSame(destination, here)) return
  refuse('invalid_request', `The request is meant for ${destination}; this is ${here}. A proxy in between is told of by --public-url.`)
}

/** Whatever names its port although it need not. */
function isSame(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).href === new URL(other).href
}

/** A request of either kind, by either binding. */
export function readFrom(tools: Tools, { method, query, form }: Web): { request: Saml.SamlRequest; relayState: string | undefined } {
  const [params, binding] = method === 'POST' ? ([form, 'post'] as const) : ([query, 'redirect'] as const)
  if (params.SAMLRequest === undefined) return refuse('invalid_request', 'There is no SAMLRequest: sign-in begins at the application.')
  try {
    return { request: tools.readRequest(params.SAMLRequest, binding), relayState: params.RelayState }
  } catch (error) {
    if (error instanceof tools.Unreadable) return refuse('invalid_request', error.message)
    throw error
  }
}

export function requireIssuer(
  { id, serviceProvider }: StoredSaml,
  issuer: string,
): { serviceProvider: NonNullable<StoredSaml['serviceProvider']> } {
  if (serviceProvider === undefined)
    return refuse('invalid_client', `The application ${id} has no service provider yet: set serviceProvider.`)
  if (serviceProvider.entityId !== issuer) {
    return refuse('invalid_client', `The request is by ${issuer}; the service provider of the application is ${serviceProvider.entityId}.`)
  }
  return { serviceProvider }
}

function answer(call: Call, web: Web, { acsUrl, relayState }: Asked, response: string): Document {
  return posting(call, web, acsUrl, { SAMLResponse: response, relayState })
}

/** A form that goes to the service provider by itself, where scripts run. */
export function posting(
  call: Call,
  web: Web,
  to: string,
  { SAMLResponse, relayState }: { SAMLResponse: string; relayState: string | undefined },
): Document {
  const say = sayIn(languageOf(web))
  const hidden = {
    SAMLResponse: Buffer.from(SAMLResponse).toString('base64'),
    ...(relayState === undefined ? {} : { RelayState: relayState }),
  }
  const page = { id: 'saml', title: say('goOn'), forms: [{ id: 'saml', away: to, fields: [], hidden, submit: say('next') }], hurries: true }
  return standalone(call, realm, web, page, { client: seatIn(''), targets: 'anywhere' })
}

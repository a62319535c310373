import type { Call } from '../../core/call.ts'
import type { Leading } from '../../oauth/authorize/index.ts'
import { languageOf, sayIn } from '../../oauth/pages/languages.ts'
import { type Document, standalone } from '../../oauth/pages/visit.ts'
import { refuse } from '../../oauth/refusal.ts'
import type * as Saml from '../../oauth/saml/index.ts'
import { endSession, openSession, revokeSession } from '../../oauth/sessions.ts'
import type { Web } from '../../oauth/web.ts'
import { realm } from '../realm.ts'
import { userById } from '../rules/applications/entry.ts'
import { metadataOf } from '../rules/applications/saml.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import { clientOf, usable } from './requests.ts'
import { idFor, nameIdOf, signerOf } from './responses.ts'
import { posting, readFrom, requireIssuer, requireMeant } from './sign-on.ts'

/**
 * Ends the session that a service provider names, and the browser's own if it is of whoever is named, and tells the service provider, if it
 * says where. (?) Other applications of the session are not told: nothing documents that they are.
 */
export function signOut(call: Call, tools: typeof Saml, web: Web, id: string): Document | Leading {
  const application = usable(call, id)
  const { request, relayState } = readFrom(tools, web)
  if (request.kind !== 'LogoutRequest') return refuse('invalid_request', 'This is where people sign out; an AuthnRequest goes to ssoUrl.')
  const { serviceProvider } = requireIssuer(application, request.issuer)
  requireMeant(request, metadataOf(call, id).sloUrl)
  if (request.nameId === undefined) return refuse('invalid_request', 'The LogoutRequest has no NameID.')
  const session = openSession(call, realm, clientOf(application), web)
  const user = session === undefined ? undefined : userById(call, session.id)
  const isNamed =
    (session !== undefined && request.sessionIndexes.includes(session.session)) ||
    (user !== undefined && nameIdOf(tools, application, request.nameIdFormat, user)?.value === request.nameId)
  for (const index of request.sessionIndexes) revokeSession(call, index)
  if (isNamed) call.note({ event: IAM_DATA.endSession })
  const cookies = isNamed ? endSession(call, realm, clientOf(application), web) : []

  const [to] = serviceProvider.sloUrls ?? []
  if (to === undefined) {
    const say = sayIn(languageOf(web))
    const document = standalone(
      call,
      realm,
      web,
      { id: 'signed-out', title: say('signedOut'), forms: [] },
      { client: clientOf(application) },
    )
    return { ...document, cookies: [...document.cookies, ...cookies] }
  }
  const destination = to.responseUrl ?? to.url
  const { issuer } = metadataOf(call, id)
  const about = { ids: { response: idFor(call) }, issuer, destination, inResponseTo: request.id, now: call.now }
  const signer = signerOf(call, application)
  if (to.protocolBinding === 'HTTP_POST') {
    const document = posting(call, web, destination, { SAMLResponse: tools.logoutResponse(about, signer), relayState })
    return { ...document, cookies: [...document.cookies, ...cookies] }
  }
  return { to: tools.redirectUrl(destination, { name: 'SAMLResponse', xml: tools.logoutResponse(about), relayState }, signer), cookies }
}

/**
 * Where OAuth applications sign people out: OpenID Connect RP-Initiated Logout 1.0.
 *
 * That the configuration names such an address is told by one guide (docs: single sign-on with Cloud.ru); what it is and how it behaves
 * is told nowhere, so all below is what the standard says. It ends the session of the browser and nothing else: tokens hold until they
 * are revoked or expire, and other applications are not told.
 */
import type { FastifyInstance } from 'fastify'
import type { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import { openToken } from '../../core/jwt.ts'
import { isGenuine } from '../../oauth/pages/csrf.ts'
import { languageOf, sayIn } from '../../oauth/pages/languages.ts'
import { type PageAnswer, STALE, standalone, targetOf } from '../../oauth/pages/visit.ts'
import type { OAuthClient } from '../../oauth/realm.ts'
import { refuse } from '../../oauth/refusal.ts'
import { endSession, openSession } from '../../oauth/sessions.ts'
import { type Cookie, type Params, type Web, withQuery } from '../../oauth/web.ts'
import { ownCall } from '../call.ts'
import { realm } from '../realm.ts'
import { userById } from '../rules/applications/entry.ts'
import { idTokenKeys, issuerOf } from '../rules/applications/issuer.ts'
import { END_SESSION } from '../rules/applications/oauth-tokens.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import { seatIn } from '../saml/requests.ts'
import { browserCalls } from './browser-calls.ts'

/** The name of the call here, for the journal and for faults. */
export const endSessionCalls = ['EndSession']

export async function signingOut(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  if (END_SESSION === undefined) return
  const { answer } = browserCalls(app, emulator, (_request, { query, form }) => ({ ...query, ...form }))
  app.route({
    method: ['GET', 'POST'],
    url: END_SESSION,
    schema: { tags: ['yandex'] },
    exposeHeadRoute: false,
    handler: (request, reply) => answer(request, reply, 'EndSession', signOut),
  })
}

const KNOWN = ['id_token_hint', 'logout_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales', 'lang']

/** What the form of our own page says. */
const CONFIRMED = 'sign-out'

function signOut(call: Call, web: Web): PageAnswer {
  const confirmed = web.form.action === CONFIRMED
  const params = web.method === 'POST' && !confirmed ? web.form : web.query
  if (web.repeated.length > 0) refuse('invalid_request', `The parameter ${web.repeated[0]} came more than once.`)
  const hint = hintOf(call, params)
  const to = returnOf(call, web, params, hint)

  if (confirmed) return isGenuine(realm, web) ? parted(call, web, params, to) : refuse('access_denied', STALE)
  // A form of another site comes without the cookie of the session, so it is asked again by a redirect.
  if (web.method === 'POST') {
    return { to: withQuery(`${web.site}${web.path}`, Object.fromEntries(KNOWN.map((name) => [name, params[name]]))) }
  }
  const session = sessionAt(call, web)
  if (session === undefined || session.id === hint?.sub) return parted(call, web, params, to)
  return asking(call, web, params, { name: userById(call, session.id)?.username ?? session.id, to })
}

/** Who an ID token of ours is about and to whom it was given; one that has expired will do (RP-Initiated Logout 1.0, 2 and 4). */
function hintOf(call: Call, { id_token_hint: token }: Params): { sub: string; client: string } | undefined {
  if (token === undefined) return undefined
  const claims = openToken(token, idTokenKeys(call))
  if (claims === undefined || claims.iss !== issuerOf(call)) {
    return refuse('invalid_request', 'The id_token_hint is no ID token that was issued here.')
  }
  return { sub: String(claims.sub), client: String(claims.aud) }
}

/** Where the browser is led afterwards: one of the client's post-logout redirect URIs (docs: organization/concepts/applications/oidc), to the letter. */
function returnOf(call: Call, web: Web, params: Params, hint: { client: string } | undefined): string | undefined {
  const { client_id: named, post_logout_redirect_uri: to } = params
  if (named !== undefined && hint !== undefined && named !== hint.client) {
    return refuse('invalid_request', `The client_id is ${named}; the ID token was issued to ${hint.client}.`)
  }
  const id = named ?? hint?.client
  const client = id === undefined ? undefined : realm.client(call, web, id)
  if (named !== undefined && client === undefined) return refuse('invalid_client', `There is no client ${named}.`)
  if (to === undefined) return undefined
  if (client === undefined) {
    return refuse('invalid_request', 'A post_logout_redirect_uri needs a client_id or an id_token_hint: it has to be one of a client.')
  }
  if (client.logouts.includes(to)) return to
  const registered = client.logouts.length === 0 ? 'none' : client.logouts.join(', ')
  return refuse(
    'redirect_mismatch',
    `The post_logout_redirect_uri ${to} is not one of the client's postLogoutRedirectUris. Registered: ${registered}.`,
  )
}

/** The session of this browser, whichever organization's. */
function sessionAt(call: Call, web: Web) {
  return seats(call)
    .map((seat) => openSession(call, realm, seat, web))
    .find((found) => found !== undefined)
}

function seats(call: Call): OAuthClient[] {
  return ownCall(call)
    .organizations()
    .map(({ id }) => seatIn(id))
}

function parted(call: Call, web: Web, { state, ...params }: Params, to: string | undefined): PageAnswer {
  if (sessionAt(call, web) !== undefined) call.note({ event: IAM_DATA.endSession })
  const cookies = seats(call).reduce<Cookie[]>((_before, seat) => endSession(call, realm, seat, web), [])
  if (to !== undefined) return { to: withQuery(to, { state }), cookies }
  const { seen, say } = spoken(web, params)
  const document = standalone(call, realm, seen, { id: 'signed-out', title: say('signedOut'), forms: [] }, { client: seatIn('') })
  return { ...document, cookies: [...document.cookies, ...cookies] }
}

/** Whoever comes without a proof that the application knows them is asked first: another site may have sent them. */
function asking(call: Call, web: Web, params: Params, { name, to }: { name: string; to: string | undefined }): PageAnswer {
  const { seen, say } = spoken(web, params)
  const form = { id: 'sign-out', fields: [], hidden: { action: CONFIRMED }, submit: say('signOut') }
  const page = { id: 'sign-out', title: say('signOut'), lead: say('signOutLead', { name }), forms: [form] }
  return standalone(call, realm, seen, page, { client: seatIn(''), targets: to === undefined ? [] : [targetOf(to)] })
}

/** The page in the language that the application asks for. */
function spoken(web: Web, { lang, ui_locales: locales }: Params) {
  const seen = { ...web, query: { ...web.query, lang: lang ?? locales?.split(' ')[0] } }
  return { seen, say: sayIn(languageOf(seen)) }
}

/**
 * OAuth 2 and OpenID Connect, once for all vendors: what a request must look like, codes, sessions of browsers, the pages' machinery.
 *
 * A vendor brings a `Realm` (realm.ts): its clients, scopes, tokens, the words of its pages and where it differs. Checks of
 * authorization requests are one file each in authorize/, ways to get tokens one file each in grants/, pages in pages/ are data that one
 * template dresses. Every request is one call, run like an operation. No vendor is named here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { Call, type Origin } from '../core/call.ts'
import type { Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import { Refusal } from '../core/refusal.ts'
import { type Callable, run } from '../core/run.ts'
import { noteFailed } from '../http/failed.ts'
import { breakAnswer } from '../http/mount.ts'
import { originOf } from '../http/origin.ts'
import { authorize, type Leading } from './authorize/index.ts'
import { logout, revoke, token, userInfo } from './endpoints.ts'
import { explain, reasonCookie } from './pages/error.ts'
import { languageOf, sayIn } from './pages/languages.ts'
import type { PageRoute } from './pages/page.ts'
import { type Document, mask, opening, type PageAnswer, plainPage, STALE, showing, submitting } from './pages/visit.ts'
import type { Realm } from './realm.ts'
import { isOAuth } from './refusal.ts'
import { type Cookie, namespaceOf, setCookies, type Web, webOf, withQuery } from './web.ts'

export type { Authorization } from './authorize/check.ts'
export { conclude, freshSession, type Leading, signedIn, usableSession } from './authorize/index.ts'
export { type Key, languageOf, type Say, sayIn } from './pages/languages.ts'
export type { Field, Form, Link, LinkRoute, Look, Page, PageRoute, Pages, Shown, Visit } from './pages/page.ts'
export { keepStep, stepOf } from './pages/steps.ts'
export type { Entitlement, Flow, Landing, OAuthClient, Paths, Person, Quirks, Realm, Tokens } from './realm.ts'
export { refuse } from './refusal.ts'
export { openSession } from './sessions.ts'
export { isDomainHost, type Params, type Web, withQuery } from './web.ts'

/** The names of a vendor's calls here, for the journal and for faults. */
export function callsOf(realm: Realm): string[] {
  const { pages, landings = {}, links = {} } = realm
  const others = [...Object.values(pages), ...Object.values(landings), ...Object.values(links)].map(({ name }) => name)
  return ['Authorize', 'Token', 'UserInfo', 'Revoke', 'Logout', 'ErrorPage', ...others]
}

/** One vendor's endpoints and pages. */
export async function oauth(app: FastifyInstance, { emulator, realm }: { emulator: Emulator; realm: Realm }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  // Another body is none: the endpoint says which parameter it misses.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined))

  // Answers name the host that was asked for, so it has to be one (RFC 9112, 3.2).
  app.addHook('onRequest', async (request, reply) => {
    const { host = 'localhost' } = request.headers
    if (HOST.test(host) && URL.canParse(`http://${host}`)) return undefined
    return json(realm, reply, 400, { error: 'invalid_request', error_description: 'The Host header names no host.' })
  })

  const webFor = (request: FastifyRequest): Web => {
    const web = webOf(request, emulator.fittings.settings)
    const { languageCookie: name } = realm.quirks
    return name === undefined ? web : { ...web, languages: web.cookies[name] ?? '' }
  }

  /** One request as one call; answers what became of it. */
  const perform = async <T>(request: FastifyRequest, make: (web: Web) => Callable<unknown, T>): Promise<T> => {
    const { settings } = emulator.fittings
    const web = webFor(request)
    const origin: Origin = originOf(request, settings)
    const base = realm.issuerBase?.(web, origin.base) ?? origin.base
    const namespace = emulator.find(namespaceOf(request))
    if (namespace === undefined) throw new Refusal('invalid_request', emulator.whyNot(namespaceOf(request)))
    return run(make(web), () => ({ ...web.query, ...web.form }), { ...origin, base }, namespace)
  }
  const { authorize: authorizePath, token: tokenPath, userInfo: userInfoPath, revoke: revokePath, logout: logoutPath } = realm.paths

  route(app, realm, authorizePath, {
    GET: async (request, reply) => {
      try {
        const leading = await perform(request, (web) => act(realm, 'Authorize', web, (call) => authorize(call, realm, web)))
        return lead(reply, webFor(request), leading)
      } catch (error) {
        return sendRefusal(realm, request, reply, webFor(request), error)
      }
    },
  })

  route(app, realm, tokenPath, {
    POST: async (request, reply) => {
      try {
        const tokens = await perform(request, (web) => act(realm, 'Token', web, (call) => token(call, realm, web)))
        return json(realm, reply, 200, tokens)
      } catch (error) {
        return tokenRefusal(emulator, realm, reply, error, realm.quirks.tokenStatuses)
      }
    },
  })

  if (userInfoPath !== undefined) {
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        const claims = await perform(request, (web) => act(realm, 'UserInfo', web, (call) => userInfo(call, realm, web)))
        return json(realm, reply, 200, claims)
      } catch (error) {
        if (error instanceof Broken) return breakAnswer(reply, error)
        if (!(error instanceof Refusal)) return failed(emulator, realm, reply, error)
        const told = isOAuth(error) ? { error: error.name, description: error.message } : realm.translate(error, 'userInfo')
        const words = told.description === undefined ? '' : `, error_description="${headerText(told.description)}"`
        reply.header('www-authenticate', `Bearer error="${told.error}"${words}`)
        return json(realm, reply, told.error === 'invalid_token' ? 401 : 400, { error: told.error, error_description: told.description })
      }
    }
    route(app, realm, userInfoPath, { GET: answer, POST: answer })
  }

  if (revokePath !== undefined) {
    route(app, realm, revokePath, {
      POST: async (request, reply) => {
        try {
          await perform(request, (web) => act(realm, 'Revoke', web, (call) => revoke(call, realm, web)))
          return reply.code(200).send()
        } catch (error) {
          return tokenRefusal(emulator, realm, reply, error, realm.quirks.revokeStatuses)
        }
      },
    })
  }

  if (logoutPath !== undefined) {
    route(app, realm, logoutPath, {
      GET: async (request, reply) => {
        try {
          const leading = await perform(request, (web) => act(realm, 'Logout', web, (call) => logout(call, realm, web)))
          return lead(reply, webFor(request), leading)
        } catch (error) {
          return sendRefusal(realm, request, reply, webFor(request), error)
        }
      },
    })
  }

  route(app, realm, realm.paths.error, {
    GET: async (request, reply) => {
      const document = await perform(request, (web) => act(realm, 'ErrorPage', web, (call) => explain(call, realm, web)))
      return send(reply, webFor(request), document)
    },
  })

  for (const [path, page] of Object.entries(realm.pages)) {
    const show = (request: FastifyRequest, reply: FastifyReply) => visit(request, reply, page, false)
    const submit = (request: FastifyRequest, reply: FastifyReply) => visit(request, reply, page, true)
    route(app, realm, path, { GET: show, ...(page.submit === undefined ? {} : { POST: submit }) })
  }

  for (const [path, landing] of Object.entries(realm.landings ?? {})) {
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        const leading = await perform(request, (web) => act(realm, landing.name, web, (call) => landing.land(call, web)))
        return lead(reply, webFor(request), leading)
      } catch (error) {
        return sendRefusal(realm, request, reply, webFor(request), error)
      }
    }
    route(app, realm, path, Object.fromEntries(landing.methods.map((method) => [method, handler])), { heads: false })
  }

  for (const [path, link] of Object.entries(realm.links ?? {})) {
    route(
      app,
      realm,
      path,
      {
        GET: async (request, reply) => {
          const web = webFor(request)
          try {
            return send(reply, web, await perform(request, (seen) => opening(realm, link, seen)))
          } catch (error) {
            if (!(error instanceof Refusal) || error instanceof Broken) return sendRefusal(realm, request, reply, web, error)
            const refused = { name: error.name, message: error.message }
            return send(reply, web, await perform(request, (seen) => opening(realm, link, seen, refused)))
          }
        },
      },
      { heads: false },
    )
  }

  async function visit(request: FastifyRequest, reply: FastifyReply, page: PageRoute, posted: boolean): Promise<FastifyReply> {
    const web = webFor(request)
    try {
      try {
        return answerPage(reply, web, await perform(request, (seen) => (posted ? submitting : showing)(realm, page, seen)))
      } catch (error) {
        if (!posted || !(error instanceof Refusal) || isOAuth(error)) throw error
        // What the vendor's rules refuse is said on the page that asked.
        const refused = { name: error.name, message: error.message }
        return answerPage(reply, web, await perform(request, (seen) => showing(realm, page, seen, refused)))
      }
    } catch (error) {
      return sendRefusal(realm, request, reply, web, error)
    }
  }

  /** A refused authorization: back to the client where it may be told, else to our own page. */
  async function sendRefusal(by: Realm, request: FastifyRequest, reply: FastifyReply, web: Web, error: unknown): Promise<FastifyReply> {
    if (error instanceof Broken) return breakAnswer(reply, error)
    const refusal = error instanceof Refusal ? error : undefined
    const failure = refusal === undefined ? noteFailed(emulator, request, error, by.room) : undefined
    if (refusal?.message === STALE) {
      const document = await perform(request, (seen) =>
        act(by, 'ErrorPage', seen, (call) => {
          const say = sayIn(languageOf(seen))
          return plainPage(call, by, seen, { id: 'stale', title: say('error'), error: say('stale'), forms: [] }, 403)
        }),
      )
      return send(reply, web, document)
    }
    const back = refusal?.facts.back
    if (typeof back === 'string') return lead(reply, web, { to: back })
    const told =
      refusal === undefined ? { error: 'server_error' } : isOAuth(refusal) ? { error: refusal.name } : by.translate(refusal, 'authorize')
    const to = withQuery(`${web.site}${by.paths.error}`, { error: told.error, client_id: web.query.client_id, lang: web.query.lang })
    return lead(reply, web, { to, cookies: [reasonCookie(refusal?.message ?? String(failure))] })
  }
}

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/** Requests by another method are told which ones there are. What GET does, HEAD does without a body, where that changes nothing. */
function route(
  app: FastifyInstance,
  realm: Realm,
  url: string,
  handlers: Partial<Record<'GET' | 'POST', (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>>>,
  { heads = handlers.GET !== undefined }: { heads?: boolean } = {},
): void {
  for (const [method, handler] of Object.entries(handlers)) {
    const exposeHeadRoute = heads && method === 'GET'
    app.route({ method: method as HTTPMethods, url, schema: { tags: [realm.room] }, exposeHeadRoute, handler })
  }
  const known = [...Object.keys(handlers), ...(heads ? ['HEAD'] : [])]
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !known.includes(method)) as HTTPMethods[]
  app.route({
    method: others,
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    handler: (_request, reply) => json(realm, reply.header('allow', known.join(', ')), 405, { error: 'invalid_request' }),
  })
}

function act<T>(realm: Realm, name: string, _web: Web, doing: (call: Call) => T): Callable<unknown, T> {
  return { room: realm.room, name, admit: (input) => input, handle: (_input, context) => doing(new Call(context)), mask }
}

function json(realm: Realm, reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply
    .code(status)
    .header('content-type', realm.quirks.tokenContentType)
    .header('cache-control', 'no-store')
    .header('pragma', 'no-cache')
    .send(JSON.stringify(body))
}

function tokenRefusal(
  emulator: Emulator,
  realm: Realm,
  reply: FastifyReply,
  error: unknown,
  statuses: Readonly<Record<string, number>>,
): FastifyReply {
  if (error instanceof Broken) return breakAnswer(reply, error)
  if (!(error instanceof Refusal)) return failed(emulator, realm, reply, error)
  const own = isOAuth(error)
  const told = own ? { error: error.name, description: error.message } : realm.translate(error, 'token')
  const described = own ? realm.quirks.describesTokenErrors : told.description !== undefined
  return json(realm, reply, statuses[told.error] ?? 400, {
    error: told.error,
    ...(described ? { error_description: told.description } : {}),
  })
}

function failed(emulator: Emulator, realm: Realm, reply: FastifyReply, error: unknown): FastifyReply {
  noteFailed(emulator, reply.request, error, realm.room)
  return json(realm, reply, 500, { error: 'server_error' })
}

function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ').replaceAll('"', "'")
}

/**
 * What browsers are led to and shown is not for scripts of other origins, which meet a wall in life, too (guide, managed login;
 * amplify-js#6236): only the endpoints that programs call are.
 */
function closed(reply: FastifyReply): FastifyReply {
  return reply.removeHeader('access-control-allow-origin').removeHeader('access-control-expose-headers')
}

/** Addresses may hold what no header may. */
export function lead(reply: FastifyReply, web: Web, { to, cookies = [] }: Leading): FastifyReply {
  setCookies(reply, web.site, cookies)
  return closed(reply)
    .code(302)
    .header('cache-control', 'no-store')
    .header('location', to.replace(/[^\x21-\x7e]/g, encodeURIComponent))
    .send()
}

export function answerPage(reply: FastifyReply, web: Web, answer: PageAnswer): FastifyReply {
  return 'to' in answer ? lead(reply, web, answer) : send(reply, web, answer)
}

function send(reply: FastifyReply, web: Web, { html, policy, status, cookies }: Document): FastifyReply {
  setCookies(reply, web.site, cookies as readonly Cookie[])
  return closed(reply)
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(html)
}

/**
 * The built-in upstream: an identity provider inside the emulator that stands for those out there, and lets one be anybody.
 *
 * It speaks OpenID Connect (and OAuth 2 as the providers do that have no ID tokens) and SAML, with real codes, signatures and checks; whoever
 * relies on it verifies what it says like any other's. People are kept by issuer: once somebody, one can be picked again. A vendor
 * brings the `Registry` of who relies on it. No vendor is named here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Call } from '../core/call.ts'
import type { Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import { Refusal } from '../core/refusal.ts'
import { run } from '../core/run.ts'
import { breakAnswer } from '../http/mount.ts'
import { originOf } from '../http/origin.ts'
import { mask } from '../oauth/pages/visit.ts'
import type * as Saml from '../oauth/saml/index.ts'
import { namespaceOf, setCookies, type Web, webOf } from '../oauth/web.ts'
import { type Answer, authorize, discovery, jwks, token, userInfo } from './openid.ts'
import { complain } from './page.ts'
import { type Party, type Registry, UPSTREAM } from './registry.ts'
import { metadata, signIn, signOut } from './saml.ts'

export { personCall } from './people.ts'
export { type Party, type Registry, UPSTREAM } from './registry.ts'

/** The names of its calls, for the journal and for faults. */
export const calls = [
  'UpstreamAuthorize',
  'UpstreamToken',
  'UpstreamUserInfo',
  'UpstreamKeys',
  'UpstreamDiscovery',
  'UpstreamSaml',
  'UpstreamSignOut',
  'UpstreamMetadata',
]

interface Place {
  Params: { pool: string; provider: string }
}
type Visiting = FastifyRequest<Place>

type Said = { page: Answer } | { json: object; status: number } | { xml: string }

export async function upstream(app: FastifyInstance, { emulator, registry }: { emulator: Emulator; registry: Registry }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined))

  const serve = (name: string, act: (call: Call, party: Party, web: Web, base: string) => Said) => {
    return async (request: Visiting, reply: FastifyReply) => {
      const { settings } = emulator.fittings
      const { pool, provider } = request.params
      const origin = originOf(request, settings)
      const web = { ...webOf(request, settings), site: origin.base, path: new URL(request.url, 'http://here').pathname }
      const namespace = emulator.find(namespaceOf(request))
      if (namespace === undefined) return reply.code(404).send({ error: 'not_found' })
      const callable = {
        room: 'upstream',
        name,
        admit: (input: unknown) => input,
        mask,
        handle: (_input: unknown, context: Call['context']): Said => {
          const call = new Call(context)
          const party = registry(call, pool, provider)
          if (party === undefined) {
            return {
              page: complain(call, web, 'not_found', `No provider ${provider} of the user pool ${pool} relies on the built-in upstream.`),
            }
          }
          return act(call, party, web, `${origin.base}${UPSTREAM}/${pool}/${provider}`)
        },
      }
      try {
        return send(reply, web, await run(callable, () => ({ ...web.query, ...web.form }), origin, namespace))
      } catch (error) {
        if (error instanceof Broken) return breakAnswer(reply, error)
        if (!(error instanceof Refusal)) throw error
        const status = error.name === 'invalid_token' || error.name === 'invalid_client' ? 401 : 400
        return send(reply, web, { json: { error: error.name, error_description: error.message }, status })
      }
    }
  }
  const json = (make: (call: Call, party: Party, web: Web, base: string) => object) => {
    return (call: Call, party: Party, web: Web, base: string): Said => ({ json: make(call, party, web, base), status: 200 })
  }
  const at = (path: string, methods: ('GET' | 'POST')[], handler: ReturnType<typeof serve>) =>
    app.route<Place>({ method: methods, url: `/:pool/:provider${path}`, schema: { tags: ['upstream'] }, exposeHeadRoute: false, handler })

  at(
    '/authorize',
    ['GET', 'POST'],
    serve('UpstreamAuthorize', (call, party, web) => ({ page: authorize(call, party, web) })),
  )
  at('/token', ['GET', 'POST'], serve('UpstreamToken', json(token)))
  at('/userinfo', ['GET', 'POST'], serve('UpstreamUserInfo', json(userInfo)))
  at(
    '/jwks',
    ['GET'],
    serve(
      'UpstreamKeys',
      json((_call, party) => jwks(party)),
    ),
  )
  const withSaml = (name: string, act: (library: typeof Saml, call: Call, party: Party, web: Web, base: string) => Said) => {
    return async (request: Visiting, reply: FastifyReply) => {
      // It brings libraries for XML along.
      const library = await import('../oauth/saml/index.ts')
      return serve(name, (call, party, web, base) => act(library, call, party, web, base))(request, reply)
    }
  }
  at(
    '/saml',
    ['GET', 'POST'],
    withSaml('UpstreamSaml', (library, call, party, web) => ({ page: signIn(library, call, party, web) })),
  )
  at(
    '/slo',
    ['GET'],
    withSaml('UpstreamSignOut', (library, call, party, web) => ({ page: signOut(library, call, party, web) })),
  )
  at(
    '/metadata',
    ['GET'],
    withSaml('UpstreamMetadata', (library, _call, party, _web, base) => ({ xml: metadata(library, party, base) })),
  )
  at(
    '/.well-known/openid-configuration',
    ['GET'],
    serve(
      'UpstreamDiscovery',
      json((_call, party, _web, base) => discovery(party, base)),
    ),
  )
}

function send(reply: FastifyReply, web: Web, said: Said): FastifyReply {
  reply.header('cache-control', 'no-store')
  if ('xml' in said) return reply.type('application/samlmetadata+xml').send(said.xml)
  if ('json' in said) return reply.code(said.status).send(said.json)
  const { page } = said
  if ('to' in page) return reply.code(302).header('location', page.to).send()
  setCookies(reply, web.site, page.cookies)
  return reply
    .code(page.status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
    .send(page.html)
}

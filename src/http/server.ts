import type { IncomingMessage } from 'node:http'
import cors from '@fastify/cors'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyRequest, type onSendHookHandler } from 'fastify'
import type { Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import { requestId } from '../core/random.ts'
import { Refusal } from '../core/refusal.ts'
import { noteFailed } from './failed.ts'
import { breakAnswer } from './mount.ts'
import { type Describe, distinguish, type OpenApi } from './openapi.ts'
import { takeNamespace } from './origin.ts'

/** A room's own way of addressing: answers another URL for a request, or nothing. */
export type Rewrite = (request: IncomingMessage, url: string) => string | undefined

/** What all requests but the emulator's own wait for, while there is something to wait for. */
export interface Gate {
  opening: Promise<void> | undefined
}

export interface ServerOptions {
  emulator: Emulator
  /** Tells whoever runs the emulator. */
  warn: (text: string) => void
  gate: Gate
  /** Whether pages of this origin may read what the emulator's own API answers; vendors let all pages read. */
  maySee: (origin: string | undefined, host: string | undefined) => boolean
  rewrites: readonly Rewrite[]
  version: string
  /** Fills in what routes leave to their rooms: schemas of bodies and answers. */
  describe: readonly Describe[]
}

/** The headers of every vendor that a browser may read. */
const EXPOSED = [
  'x-amzn-requestid',
  'x-amzn-errortype',
  'x-amzn-errormessage',
  'date',
  'x-request-id',
  'x-server-trace-id',
  'x-next-token',
  'x-poolhouse-now',
  'x-poolhouse-violations',
].join(', ')

/** Where the emulator's own API begins. */
const OWN_API = '/_/'
/** How long a request may take to arrive; its answer may take longer. */
const ARRIVAL_MS = 120_000
const BODY_LIMIT = 1024 * 1024

/**
 * The Fastify instance all rooms are mounted on. Fastify neither validates nor serialises: each room's wire does, in its vendor's
 * manner, and the same checks serve every transport.
 */
export async function createServer({ emulator, gate, maySee, rewrites, version, describe, warn }: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: ARRIVAL_MS,
    genReqId: requestId,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 2048 },
    rewriteUrl: (request) => {
      // HTTP/2 has the host under another name (RFC 9113, 8.3.1); the rooms read it under the one of HTTP/1.
      request.headers.host ??= request.headers[':authority'] as string | undefined
      const url = readable(takeNamespace(request, targetOf(request)))
      for (const rewrite of rewrites) {
        const to = rewrite(request, url)
        if (to !== undefined) return to
      }
      return url
    },
  })
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))

  const hidden = ({ headers: { origin, host } }: FastifyRequest) => origin !== undefined && !maySee(origin, host)
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'OPTIONS' && request.url.startsWith(OWN_API) && hidden(request)) {
      reply.code(403).send({ error: `pages of ${request.headers.origin} may not ask anything here` })
      return
    }
    // A page on the web may call an emulator on its visitor's own machine: browsers ask for this beforehand.
    if (request.headers['access-control-request-private-network'] === 'true') reply.header('access-control-allow-private-network', 'true')
    done()
  })
  // Options that were chosen anew for each request would cost every call of a vendor's, so it is taken back where it is not meant.
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith(OWN_API)) return
    const withdraw: onSendHookHandler = (request, reply, _payload, done) => {
      if (hidden(request)) reply.removeHeader('access-control-allow-origin').removeHeader('access-control-expose-headers')
      done()
    }
    route.onSend = [withdraw, ...[route.onSend ?? []].flat()]
  })
  await app.register(cors, {
    origin: true,
    methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
    exposedHeaders: EXPOSED,
    strictPreflight: false,
    hideOptionsRoute: true,
  })
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Poolhouse', version, description: "Local emulator of identity providers' user pools" } },
    transformObject: (found) => {
      const document = structuredClone('openapiObject' in found ? found.openapiObject : found.swaggerObject)
      distinguish(document as OpenApi)
      for (const room of describe) room(document as OpenApi)
      return document
    },
  })
  // Rooms answer for their own; this is for the few routes that stand alone.
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof Broken) return breakAnswer(reply, error)
    if (error instanceof Refusal) return reply.code(400).send({ error: error.message, name: error.name })
    const { statusCode = 500 } = error
    return reply.code(statusCode).send({ error: statusCode < 500 ? error.message : noteFailed(emulator, request, error) })
  })
  let warned = false
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-poolhouse-emulator', version)
    if (!warned && REAL_KEY.test(request.headers.authorization ?? '')) {
      warned = true
      warn('a request is signed with what looks like a real AWS access key: use those of `poolhouse env`')
    }
    if (gate.opening === undefined || request.url.startsWith(OWN_API)) done()
    else
      gate.opening.then(
        () => done(),
        () => done(),
      )
  })
  return app
}

/** A real key is never logged, only that there is one: it would have reached the real service had the address been wrong. */
const REAL_KEY = /Credential=A[KS]IA/

/** The path and the query asked for. To a proxy clients send a whole URL, whose host then counts and no other (RFC 9112, 3.2.2). */
function targetOf(request: IncomingMessage): string {
  const { url = '/' } = request
  const whole = url.startsWith('/') ? null : /^https?:\/\/([^/?#]+)(.*)$/i.exec(url)
  if (whole === null) return url
  const [, host, rest = ''] = whole
  request.headers.host = host
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** A path whose escapes cannot be undone is taken to the letter, so that its room refuses it in its own manner. */
function readable(url: string): string {
  if (!url.includes('%')) return url
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return path.replaceAll('%', '%25') + (end === -1 ? '' : url.slice(end))
  }
}

import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
} from 'node:http2'
import type { FileRegistry } from '@bufbuild/protobuf'
import { type ConnectRouter, type ContextKey, createContextKey, createContextValues } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import type { FastifyInstance } from 'fastify'
import { pause } from '../../core/clock.ts'
import { serveCommon } from './common.ts'

/** A room's gRPC services: their descriptors, and what puts them on a router. */
export interface GrpcRoom {
  descriptors: FileRegistry
  routes(router: ConnectRouter): void
}

/** Where a gRPC call came from, for its handler's context. */
export const PEER: ContextKey<{ ip: string | undefined; authority: string; secure: boolean }> = createContextKey({
  ip: undefined as string | undefined,
  authority: 'localhost',
  secure: false,
})

/**
 * gRPC has only `%` and what is not printable ASCII encoded in `grpc-message`; the library encodes all that a URL would, and
 * clients that undo no more than the protocol asks for would show `%3A`.
 */
function withReadableMessage(trailers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const message = trailers['grpc-message']
  if (typeof message !== 'string') return trailers
  return { ...trailers, 'grpc-message': encoded(decodeURIComponent(message)) }
}

function encoded(message: string): string {
  return message.replace(/[^ -$&-~]/gu, (character) => encodeURIComponent(character))
}

/** A method that nobody here has: the same 404 as by HTTP/1.1, noted as that one is, in the words of gRPC. */
async function refuseUnknown(app: FastifyInstance, request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
  request.resume()
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !name.startsWith(':') && !name.startsWith('content-')),
  )
  const answer = await app.inject({ method: 'POST', url: request.url, headers: { host: request.authority, ...headers } })
  const told: unknown = /json/.test(String(answer.headers['content-type'])) ? answer.json() : undefined
  const error = told instanceof Object && 'error' in told ? String(told.error) : `there is no ${request.url}`
  const emulator = response.getHeader('x-poolhouse-emulator')
  const status = { 'grpc-status': UNIMPLEMENTED, 'grpc-message': encoded(error) }
  const head = { ':status': 200, 'content-type': 'application/grpc', 'x-poolhouse-emulator': emulator, ...status }
  // Where no message comes the headers are the trailers, and the end.
  if (response.stream.destroyed) return
  response.stream.respond(head, { endStream: true })
  letGo(request, response)
}

const UNIMPLEMENTED = '12'

/** Who is answered before he has said everything need not say the rest. */
function letGo(request: Http2ServerRequest, response: Http2ServerResponse): void {
  setImmediate(() => request.complete || response.stream.close())
}

/** Bytes that a message may have, unpacked: what servers of gRPC take unless they are told otherwise. */
const MESSAGE_LIMIT = 4 * 1024 * 1024
/** Calls that a connection may have under way; clients hold further ones back until one of these is over. */
const MOST_STREAMS = 1000

const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000 }
/** Milliseconds, 25 days: a timer set further ahead fires at once. */
const FURTHEST = 2 ** 31 - 1

/** Whether nobody lives to see this deadline (`grpc-timeout`). */
function isFarOff(timeout: string | string[] | undefined): boolean {
  const [, count = '', unit = ''] = /^(\d{1,8})([HMS])$/.exec(String(timeout)) ?? []
  return Number(count) * (UNITS[unit] ?? 0) > FURTHEST
}

/** Everything that comes by HTTP/2: gRPC to the rooms, any other request to the same Fastify routes as HTTP/1.1. */
export function createHttp2(app: FastifyInstance, rooms: readonly GrpcRoom[], version: string): Http2Server {
  const handler = connectNodeAdapter({
    readMaxBytes: MESSAGE_LIMIT,
    routes: (router) => {
      for (const room of rooms) room.routes(router)
      serveCommon(
        router,
        rooms.map(({ descriptors }) => descriptors),
      )
    },
    contextValues: (request) =>
      createContextValues().set(PEER, {
        ip: request.socket?.remoteAddress,
        authority: String(request.headers[':authority'] ?? request.headers.host ?? 'localhost'),
        secure: 'encrypted' in (request.socket ?? {}),
      }),
    fallback: (request, response) => {
      const unknown = request.method === 'POST' && request.headers['content-type']?.startsWith('application/grpc') === true
      if (!unknown) return app.routing(request as never, response as never)
      const answer = response as Http2ServerResponse
      // By then who asked may be gone, or what would have answered.
      refuseUnknown(app, request as Http2ServerRequest, answer).catch(() => answer.stream.close())
    },
  })
  const server = createServer({ settings: { maxConcurrentStreams: MOST_STREAMS } }, (request, response) => {
    if (isFarOff(request.headers['grpc-timeout'])) delete request.headers['grpc-timeout']
    response.setHeader('x-poolhouse-emulator', version)
    const addTrailers = response.addTrailers.bind(response)
    response.addTrailers = (trailers) => addTrailers(withReadableMessage(trailers))
    response.stream.once('wantTrailers', () => letGo(request, response))
    try {
      handler(request, response)
    } catch {
      // The library takes every authority for one that a URL can have, and nobody above us would catch what it throws.
      if (!response.stream.destroyed) response.writeHead(400).end()
    }
  })
  server.on('sessionError', () => undefined)
  server.on('session', letGoOfTheSilent)
  return server
}

const SILENCE_MS = 60_000
const PATIENCE_MS = 20_000

/**
 * Who is silent is asked whether he is there, as servers of gRPC do, and let go if he does not say so: Node itself keeps the socket of
 * a connection that it has told to go away for taking too many calls back, whether or not there is anybody at its other end.
 */
function letGoOfTheSilent(session: ServerHttp2Session): void {
  session.setTimeout(SILENCE_MS, () => {
    let isThere = false
    session.ping((error) => {
      isThere = error === null
    })
    void pause(PATIENCE_MS).then(() => isThere || session.destroy())
  })
}

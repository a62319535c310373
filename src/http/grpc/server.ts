import { createServer, type Http2Server, type Http2ServerRequest, type Http2ServerResponse, type OutgoingHttpHeaders } from 'node:http2'
import type { FileRegistry } from '@bufbuild/protobuf'
import { type ConnectRouter, type ContextKey, createContextKey, createContextValues } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import type { FastifyInstance } from 'fastify'
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
  if (!response.stream.destroyed) response.stream.respond(head, { endStream: true })
}

const UNIMPLEMENTED = '12'

/** Everything that comes by HTTP/2: gRPC to the rooms, any other request to the same Fastify routes as HTTP/1.1. */
export function createHttp2(app: FastifyInstance, rooms: readonly GrpcRoom[], version: string): Http2Server {
  const handler = connectNodeAdapter({
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
  const server = createServer((request, response) => {
    response.setHeader('x-poolhouse-emulator', version)
    const addTrailers = response.addTrailers.bind(response)
    response.addTrailers = (trailers) => addTrailers(withReadableMessage(trailers))
    handler(request, response)
  })
  server.on('sessionError', () => undefined)
  return server
}

import { createServer, type Http2Server, type OutgoingHttpHeaders } from 'node:http2'
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
  const encoded = decodeURIComponent(message).replace(/[^ -$&-~]/gu, (character) => encodeURIComponent(character))
  return { ...trailers, 'grpc-message': encoded }
}

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
    fallback: (request, response) => app.routing(request as never, response as never),
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

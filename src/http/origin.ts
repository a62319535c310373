import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '../core/call.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import type { Settings } from '../core/settings.ts'

const named = new WeakMap<IncomingMessage, string>()

/** Takes `/~name` off the front of a URL and remembers the name with the request. */
export function takeNamespace(request: IncomingMessage, url: string): string {
  if (!url.startsWith('/~')) return url
  const end = url.slice(2).search(/[/?]/)
  const name = end === -1 ? url.slice(2) : url.slice(2, end + 2)
  const rest = end === -1 ? '/' : url.slice(end + 2)
  named.set(request, name)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** The namespace a request is for: from its path, else the header `x-poolhouse-namespace`, else `default`. */
export function namespaceOf(request: FastifyRequest): string {
  const header = request.headers['x-poolhouse-namespace']
  return named.get(request.raw) ?? (typeof header === 'string' && header !== '' ? header : DEFAULT_NAMESPACE)
}

export function originOf(request: FastifyRequest, settings: Settings): Origin {
  const name = named.get(request.raw)
  const root = settings.publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`
  return {
    transport: 'http',
    requestId: request.id,
    base: name === undefined ? root : `${root}/~${name}`,
    ip: request.ip,
    headers: request.headers,
  }
}

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

/** `t1.localhost`, also behind the name of somebody's pages: `demo.auth.t1.localhost`. */
const HOST = /^(?:[a-z0-9-]+\.auth\.)?([a-z0-9-]+)\.localhost(?::\d+)?$/

/** The namespace that a host name (with its port) names, if it does. */
export function hostNamespace(host: string): string | undefined {
  return host.endsWith('localhost') || host.includes('.localhost:') ? HOST.exec(host)?.[1] : undefined
}

/** `NSt1`, or padded to the length of a real one: `NS0000000000000000t1`. Real access keys never begin so. */
const ACCESS_KEY = /Credential=NS0*([a-z0-9-]+)\//i

/**
 * The namespace a request is for: from its path, the header `x-poolhouse-namespace`, its host (`t1.localhost`), the AWS access key
 * it is signed with (`NSt1`), else `default`.
 */
export function namespaceOf(request: FastifyRequest): string {
  const { 'x-poolhouse-namespace': header, host, authorization } = request.headers
  const told = named.get(request.raw)
  if (told !== undefined) return told
  if (typeof header === 'string' && header !== '') return header
  const byHost = host === undefined ? undefined : hostNamespace(host)
  if (byHost !== undefined) return byHost
  return (authorization === undefined ? undefined : ACCESS_KEY.exec(authorization)?.[1]?.toLowerCase()) ?? DEFAULT_NAMESPACE
}

export function originOf(request: FastifyRequest, settings: Settings, namespace: string = namespaceOf(request)): Origin {
  const { id: requestId, headers, ip } = request
  return { transport: 'http', requestId, base: baseOf(request, settings, namespace), ip, headers }
}

function baseOf(request: FastifyRequest, { publicUrl }: Settings, namespace: string): string {
  const { host = 'localhost' } = request.headers
  const root = publicUrl ?? `${request.protocol}://${host}`
  if (namespace === DEFAULT_NAMESPACE) return root
  // What is found at this base is found without whatever else named the namespace; a host names it by itself.
  const named = publicUrl === undefined && (host.startsWith(`${namespace}.localhost`) || host.includes(`.auth.${namespace}.localhost`))
  return named ? root : `${root}/~${namespace}`
}

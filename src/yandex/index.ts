/**
 * Yandex Identity Hub: the IdP API of the organization manager, over REST here and over gRPC in grpc.ts, with its long-running Operations.
 *
 * Here lives everything that is this API's alone. One file per operation, named `Service.Method`; two UserServices and two
 * ApplicationServices share a short name, so these have the last part of their package in front: `idp.UserService.Create`,
 * `organizationmanager.UserService.ListMembers`, `oauth.ApplicationService.Get`, `saml.ApplicationService.Get`.
 * Handlers see proto3 JSON in lowerCamelCase whatever the transport. Those of changing methods change nothing themselves: they answer
 * what would change (rules/running/changes.ts), and the room makes an Operation of it, done at once (carry-out.ts) or running (running.ts).
 * The contract is data: contract/contract.json; types.ts is generated from it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Operations } from '../contract/operation.ts'
import { routeOf } from '../contract/proto.ts'
import type { Settle } from '../core/due.ts'
import type { Emulator } from '../core/emulator.ts'
import type { Answer } from '../core/namespace.ts'
import { Refusal } from '../core/refusal.ts'
import { isFailure, noteFailed } from '../http/failed.ts'
import type { GrpcRoom } from '../http/grpc/server.ts'
import { mount, type Route } from '../http/mount.ts'
import { namespaceOf } from '../http/origin.ts'
import { noteUnhandled } from '../http/unhandled.ts'
import { callsOf, oauth } from '../oauth/index.ts'
import { methods } from './contract/index.ts'
import { discovery } from './discovery.ts'
import { fixtures as known } from './fixtures/index.ts'
import { describer } from './openapi.ts'
import { missing } from './operation.ts'
import { endSessionCalls, signingOut } from './pages/end-session.ts'
import { realm } from './realm.ts'
import { requireToken } from './rules/access/subjects.ts'
import { DUE, finish } from './rules/running/running.ts'
import { hashAnswers } from './rules/users/password-hashes.ts'
import { saml, samlCalls } from './saml/index.ts'
import type { YandexSettings } from './settings.ts'
import { surfaceOf } from './surface.ts'
import { sendError, wireOf } from './wire.ts'

export { contract, methods } from './contract/index.ts'
export { control, type Failure, type Shown } from './control.ts'
export { debugging } from './debugging.ts'
export { missing } from './operation.ts'
export { people } from './people.ts'
export { inspectToken } from './rules/applications/token-inspection.ts'
export { options, type YandexSettings } from './settings.ts'
export { httpStatusOf as statusOf, throttled } from './wire.ts'

export const name = 'yandex'

export const operations = new Operations(new URL('operations/', import.meta.url), [...methods.keys()])

/** The names of its endpoints and pages. */
export const calls = [...callsOf(realm), ...samlCalls, ...endSessionCalls]

/** What a report must know of this contract. */
export const surface = surfaceOf(operations)

/** What fixtures know of this room. */
export const fixtures = { ...known, surface }

/** What the OpenAPI document says of this room. */
export const describe = describer(operations.built)

/** Who answers what this room's handlers ask. */
export const answers = (): Record<string, Answer> => hashAnswers

/** How this room's due work is done. */
export const settle: Record<string, Settle> = {
  [DUE]: (call, { key }) => {
    finish(call, key)
  },
}

/** Where this API's paths begin: all of them at the root, as on the living hosts. */
const ROOTS = ['/organization-manager', '/operations', '/endpoints', '/iam']

export async function serve(server: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  await server.register(api, { emulator })
  await server.register(discovery, { emulator })
  await server.register(oauth, { emulator, realm })
  await server.register(saml, { emulator })
  await server.register(signingOut, { emulator })
}

/** What speaks gRPC is loaded when the first such client comes. */
export async function grpc(emulator: Emulator): Promise<GrpcRoom> {
  return (await import('./grpc.ts')).grpc(emulator)
}

async function api(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (isFailure(error)) noteFailed(emulator, request, error, 'yandex')
    return sendError(reply, unread(error) ?? error)
  })

  const settings = (emulator.fittings.settings.rooms.yandex ?? {}) as YandexSettings
  const gate = (request: FastifyRequest, name: string) => {
    const namespace = settings.auth === 'strict' ? emulator.find(namespaceOf(request)) : undefined
    if (namespace !== undefined) requireToken(namespace, name, request.headers.authorization)
  }
  mount(app, { emulator, operations, wire: wireOf(settings, gate), missing }, routes())
  const known = [...methods.values()].flatMap(({ http }) => (http === null ? [] : [`${http.verb} ${http.path}`]))
  const unknown = (request: FastifyRequest, reply: FastifyReply) => {
    noteUnhandled(emulator, request, reply, { room: 'yandex', operation: `${request.method} ${request.url.split('?', 1)[0]}`, known })
    return sendError(reply, new Refusal('NOT_FOUND', 'Not Found'))
  }
  for (const root of ROOTS) {
    app.all(`${root}/*`, { schema: { hide: true } }, unknown)
    if (root !== '/endpoints') app.all(root, { schema: { hide: true } }, unknown)
  }
}

function routes(): Route[] {
  const paths = [...methods.values()].flatMap(({ http }) => http?.path ?? [])
  return [...methods.values()].flatMap(({ operationName: name, service, http }) => {
    if (http === null) return []
    // Cancel is GET in the contract and POST in the guide (yandex-idp 1).
    const method = name === 'OperationService.Cancel' ? ['GET' as const, 'POST' as const] : (http.verb as 'GET')
    return [{ method, url: routeOf(http.path, paths), name, schema: { tags: ['yandex', service] } }]
  })
}

/** What Fastify would not even read. */
function unread({ statusCode = 500, message }: Error & { statusCode?: number }): Refusal | undefined {
  if (statusCode === 413) return new Refusal('RESOURCE_EXHAUSTED', 'Request body is too large')
  return statusCode < 500 ? new Refusal('INVALID_ARGUMENT', message) : undefined
}

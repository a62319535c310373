/**
 * The emulator's own API under `/_/`, and so under `/~namespace/_/`: health, reset, outbox, journal, coverage, documents.
 *
 * Never a vendor's path, never journalled. One file a noun, each a list of routes that carry their own schemas. It sees rooms only as
 * what app.ts hands it: a name and its operations. Pages of other sites are refused (guard.ts).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import sjson from 'secure-json-parse'
import type { Usage } from '../contract/report/usage.ts'
import type { Emulator } from '../core/emulator.ts'
import { DEEPEST, isDeeperThan } from '../core/extent.ts'
import type { Room as FixtureRoom } from '../fixtures/index.ts'
import { noteFailed } from '../http/failed.ts'
import type { OpenApi } from '../http/openapi.ts'
import { clock } from './clock.ts'
import { codes } from './codes.ts'
import { contract } from './contract.ts'
import { type Debuggable, debuggerPages, type Send } from './debugger/index.ts'
import { documents } from './documents.ts'
import { faults } from './faults.ts'
import { guarded } from './guard.ts'
import { journal, type StatusOf } from './journal.ts'
import { keys } from './keys.ts'
import { limits } from './limits.ts'
import { metrics } from './metrics.ts'
import { namespaces } from './namespaces.ts'
import { type LongRunning, operations } from './operations.ts'
import { outbox, type Release } from './outbox.ts'
import { Declined, lazyValidator, mountRoutes, type Room } from './route.ts'
import { state } from './state.ts'
import { type Inspector, type TokenMaker, tokens } from './tokens.ts'
import { transfer } from './transfer.ts'
import { type People, users } from './users.ts'
import { type VendorControls, vendors } from './vendors.ts'

export { controlAnswers, controls } from './controls.ts'
export { maySee } from './guard.ts'
export { exportOf } from './transfer.ts'

export interface AdminOptions {
  emulator: Emulator
  rooms: readonly Room[]
  /** The same and the emulator's own, as fixtures know them. */
  book: readonly FixtureRoom[]
  readiness: Readiness
  usage: Usage
  /** The OpenAPI document of everything. */
  document: () => OpenApi
  /** The vendor whose changes are long-running operations. */
  longRunning: LongRunning
  controls: VendorControls
  /** What each vendor knows of tokens, by its name. */
  inspectors: Readonly<Record<string, Inspector>>
  tokenMaker: TokenMaker
  statusOf: StatusOf
  /** Sends one message by SMTP, where that was configured. */
  release: Release | undefined
  /** By vendor. */
  people: Readonly<Record<string, People>>
  /** What each vendor tells of its clients to whoever walks a flow with one. */
  debuggables: Readonly<Record<string, Debuggable>>
  /** Sends a request to the server itself. */
  send: Send
  /** The development authority (PEM) to be trusted, once there is one. */
  authority: () => string | undefined
  /** The variables that send clients to a namespace, and for which kinds of clients there are some. */
  environment: (place: { url: string; namespace: string }, target: string | undefined) => Record<string, string>
  targets: readonly string[]
  version: string
}

/** What was wrong with the fixtures, if anything was. */
export interface Readiness {
  errors: readonly string[]
}

export async function admin(app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { emulator } = options
  const stopped = new AbortController()
  app.addHook('preClose', async () => stopped.abort())
  // Whatever a body calls itself (curl says "form"), it is JSON, or YAML where it says so; an empty one is none.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => done(null, bodyOf(request, String(body))))
  app.setValidatorCompiler(lazyValidator)
  app.addHook('onRequest', async (request, reply) => {
    const why = PUBLIC.has(request.url) ? undefined : guarded(request, emulator.fittings.settings)
    if (why === undefined) return
    reply.removeHeader('access-control-allow-origin')
    throw new Declined(403, why)
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof Declined) return reply.code(error.status).send({ error: error.message, ...error.facts })
    const { statusCode = 500 } = error
    return reply.code(statusCode).send({ error: statusCode < 500 ? error.message : noteFailed(emulator, request, error) })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `there is no ${request.method} ${request.url.split('?', 1)[0]}; see /_/docs` }),
  )
  const names = options.rooms.map(({ name }) => name)
  const routes = [
    ...state(options),
    ...namespaces,
    ...clock,
    ...faults(options.rooms),
    ...limits(options.rooms),
    ...codes,
    ...keys,
    ...transfer(options.book, options.version),
    ...outbox(options.release),
    ...journal(options.statusOf),
    ...contract(options.usage, names),
    ...metrics(emulator, options.version, (namespace) => options.longRunning.list(namespace, { all: false }).length),
    ...operations(options.longRunning),
    ...vendors(options.controls),
    ...tokens(options.inspectors, options.tokenMaker, emulator.fittings.settings.issuerAliases),
    ...users(options.people, options.rooms),
    ...documents(options.document, names),
  ]
  mountRoutes(app, emulator, routes, stopped.signal)
  await app.register(debuggerPages, {
    prefix: '/debugger',
    emulator,
    vendors: options.debuggables,
    inspectors: options.inspectors,
    send: options.send,
  })
}

/** What says nothing of anybody: asked for by whatever name a container platform knows. */
const PUBLIC = new Set(['/_/health', '/_/ready'])

function bodyOf({ headers }: FastifyRequest, text: string): unknown {
  if (text.trim() === '') return undefined
  if (/yaml/.test(headers['content-type'] ?? '')) return text
  let value: unknown
  try {
    value = sjson.parse(text)
  } catch (error) {
    throw new Declined(400, `the body is not JSON: ${(error as Error).message}`)
  }
  if (isDeeperThan(value, DEEPEST)) throw new Declined(400, 'the body is nested too deeply')
  return value
}

/**
 * LINQ Harmony Auth: one facade over two identity providers, Auth0 (the default) and Cognito (`provider: cognito-user`).
 *
 * Here lives what Harmony adds to its providers: its envelopes and statuses, its names for a user's fields, its own records.
 * A Cognito user is Cognito's: Harmony acts on it through Cognito's operations, handed over by app.ts (upstream.ts), in the same
 * transaction. Harmony has documentation and no machine contract, so each file in operations/ declares its own schemas beside the
 * handler and is loaded at the start: route, checks and OpenAPI follow from the declaration. Where the documentation is silent the
 * choice is ours and a comment says so.
 */
import type { FastifyInstance } from 'fastify'
import { Operations } from '../contract/operation.ts'
import type { Emulator } from '../core/emulator.ts'
import type { Answer } from '../core/namespace.ts'
import { Refusal } from '../core/refusal.ts'
import { isFailure, noteFailed } from '../http/failed.ts'
import { mount, type Route } from '../http/mount.ts'
import { noteUnhandled } from '../http/unhandled.ts'
import { fixturesOf } from './fixtures/index.ts'
import { describer } from './openapi.ts'
import type { HarmonyOperation } from './operation.ts'
import { askProduct } from './rules/cross-app.ts'
import { surfaceOf } from './surface.ts'
import { sendError, wireOf } from './wire.ts'

export { options } from './settings.ts'
export { statusOf, throttled } from './wire.ts'

export const name = 'harmony'

export const operations = new Operations(new URL('operations/', import.meta.url))

/** What a report must know of this API. */
export const surface = surfaceOf(operations)

/** What fixtures know of this room. */
export const fixtures = { ...fixturesOf(operations), surface }

/** What the OpenAPI document says of this room. */
export const describe = describer(operations)

/** Who answers what Harmony's handlers ask. */
export const answers = (): Readonly<Record<string, Answer>> => ({ 'harmony.authorize': askProduct })

export async function serve(server: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  await server.register(api, { prefix: '/harmony', emulator })
  await server.register(api, { emulator, alias: true })
}

interface ApiOptions {
  emulator: Emulator
  /** The paths are those of another prefix: they are served, and left out of the OpenAPI document. */
  alias?: boolean
}

async function api(app: FastifyInstance, { emulator, alias = false }: ApiOptions): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (isFailure(error)) noteFailed(emulator, request, error, 'harmony')
    return sendError(reply, error.statusCode !== undefined && error.statusCode < 500 ? new Refusal('BadRequest', error.message) : error)
  })
  if (!alias) {
    app.setNotFoundHandler((request, reply) => {
      const operation = `${request.method} ${request.url.split('?', 1)[0]}`
      const known = operations.known.map((name) => (operations.loaded(name) as HarmonyOperation).declaration.route)
      noteUnhandled(emulator, request, reply, { room: 'harmony', operation: operation.replace(' /harmony', ' '), known })
      return sendError(reply, new Refusal('NotFound', `${request.method} ${request.url} not found`))
    })
  }

  const all = (await operations.loadAll()) as HarmonyOperation[]
  const routes = all.filter(({ declaration }) => !alias || declaration.own !== true).map((operation) => routeOf(operation, alias))
  const wire = wireOf(new Map(all.map((operation) => [operation.name, operation])))
  mount(app, { emulator, operations, wire, missing }, routes)
}

function routeOf({ name, declaration }: HarmonyOperation, alias: boolean): Route {
  const [method, path = ''] = declaration.route.split(' ')
  const url = path.replace(/\{(\w+)\}/g, ':$1')
  const schema = alias ? { hide: true } : { tags: ['harmony'], summary: declaration.summary }
  return { method: method as 'GET', url, name, schema }
}

/** Every operation of this room has a file, so a name without one is a mistake of whoever names it. */
export function missing(name: string): never {
  throw new Error(`Harmony has no operation ${name}`)
}

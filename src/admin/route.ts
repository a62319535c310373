import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operations } from '../contract/operation.ts'
import { Emulator } from '../core/emulator.ts'
import type { Namespace } from '../core/namespace.ts'
import { namespaceOf } from '../http/origin.ts'

type Schema = Record<string, unknown>

/** A vendor, as far as the admin API sees it. */
export interface Room {
  name: string
  operations: Operations
  /** Calls that are no operations of the contract: endpoints and pages. */
  calls?: readonly string[]
}

/** What a handler of the admin API sees of a request; checked against the route's schemas. */
export interface Asked {
  query: Record<string, string | undefined>
  params: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: as the route's own schema says.
  body: any
  emulator: Emulator
  /** The namespace the request is addressed to, made if it is not there yet. */
  namespace: () => Namespace
  namespaceName: string
  /** Ends when the caller goes away or the emulator stops. */
  signal: AbortSignal
  base: string
}

/** One thing the emulator's own API can do: its own declaration, next to its handler. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  summary: string
  /** The content type of the answer, where it is not JSON. */
  produces?: string
  /** Left out of the OpenAPI document. */
  hidden?: boolean
  /** Properties of the query string; all are texts. */
  query?: Record<string, Schema>
  body?: Schema
  /** Bytes that the body may have, where a megabyte is not enough. */
  bodyLimit?: number
  /** The answer's schema; without one the answer is 204 and empty. */
  answer?: Schema
  /** Other statuses and when they come. */
  refuses?: Record<number, string>
  /** Answers JSON, or a `Response` for anything else. */
  handle(asked: Asked): unknown
}

/** A "no" of the admin API. */
export class Declined extends Error {
  readonly status: number
  readonly facts: Record<string, unknown>

  constructor(status: number, message: string, facts: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.facts = facts
  }
}

/** An answer that is not JSON with status 200. */
export class Response {
  readonly body: unknown
  readonly options: { status?: number; type?: string; headers?: Record<string, string> }

  constructor(body: unknown, options: { status?: number; type?: string; headers?: Record<string, string> }) {
    this.body = body
    this.options = options
  }
}

const PROBLEM: Schema = { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] }

export function mountRoutes(app: FastifyInstance, emulator: Emulator, routes: readonly Route[], stopped: AbortSignal): void {
  for (const route of routes) {
    const { method, url, summary, query, body, answer, refuses = {} } = route
    app.route({
      method,
      url,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      schema: {
        ...(route.hidden === true ? { hide: true } : {}),
        ...(route.produces === undefined ? {} : { produces: [route.produces] }),
        summary,
        tags: ['admin'],
        operationId: operationId(route),
        ...(query === undefined ? {} : { querystring: { type: 'object', properties: query, additionalProperties: false } }),
        ...(body === undefined ? {} : { body }),
        response: {
          ...(answer === undefined ? { 204: { type: 'null', description: 'Done' } } : { 200: { description: 'Done', ...answer } }),
          ...Object.fromEntries(Object.entries(refuses).map(([status, description]) => [status, { ...PROBLEM, description }])),
        },
      },
      handler: async (request, reply) => {
        const result = await route.handle(asked(request, reply, emulator, stopped))
        if (result instanceof Response) {
          const { status = 200, type, headers = {} } = result.options
          if (type !== undefined) reply.type(type)
          return reply.code(status).headers(headers).send(result.body)
        }
        return result === undefined ? reply.code(204).send() : reply.send(result)
      },
    })
  }
}

function asked(request: FastifyRequest, reply: FastifyReply, emulator: Emulator, stopped: AbortSignal): Asked {
  const name = namespaceOf(request)
  if (!Emulator.allows(name)) throw new Declined(400, `"${name}" cannot be a namespace: use a-z, 0-9 and inner hyphens, at most 63`)
  return {
    query: request.query as Record<string, string | undefined>,
    params: request.params as Record<string, string>,
    body: request.body,
    emulator,
    namespace: () => emulator.find(name) ?? absent(emulator, name),
    namespaceName: name,
    get signal() {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return AbortSignal.any([gone.signal, stopped])
    },
    base: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
  }
}

function absent(emulator: Emulator, name: string): never {
  if (emulator.isFullFor(name)) throw new Declined(409, emulator.whyNot(name))
  throw new Declined(404, `there is no namespace ${name}; POST /_/namespaces makes one`)
}

/** `GET /outbox/latest` → `getOutboxLatest` */
function operationId({ method, url }: Route): string {
  const words = url.split(/[/:{}]+/).filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).replace(/[^\w]/g, '')).join('')
}

/** Compiles at first use: start-up pays for none of the admin API's schemas. */
export function lazyValidator({ schema }: { schema: unknown }): (value: unknown) => { value: unknown } | { error: Error } {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv().compile(schema as Schema)
    if (validate(value)) return { value }
    const { instancePath, message, params } = validate.errors?.[0] ?? { instancePath: '', message: 'is wrong', params: {} }
    const extra = 'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
    const choice = 'allowedValues' in params ? `: ${(params.allowedValues as unknown[]).join(', ')}` : ''
    return { error: new Declined(400, `${instancePath.slice(1).replaceAll('/', '.') || 'it'} ${message}${extra}${choice}`) }
  }
}

let shared: Ajv | undefined

function ajv(): Ajv {
  shared ??= new Ajv({ strict: false })
  return shared
}

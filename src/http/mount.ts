import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Operations } from '../contract/operation.ts'
import { isoTime } from '../core/clock.ts'
import type { Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import { Refusal } from '../core/refusal.ts'
import { type Callable, runAtOnce } from '../core/run.ts'
import { isFailure, noteFailed } from './failed.ts'
import { namespaceOf, originOf } from './origin.ts'
import { trickle } from './send.ts'
import { tellViolations } from './violations.ts'

/** How a room turns bytes into a call and its outcome into bytes. */
export interface Wire {
  /** The raw input, before it is checked against the contract; refuses what cannot even be parsed. */
  read(request: FastifyRequest, name: string): unknown
  answer(reply: FastifyReply, output: unknown, name: string): FastifyReply
  /** A `Refusal` in the vendor's manner, anything else as the vendor's internal error. */
  refuse(reply: FastifyReply, error: unknown, name: string): FastifyReply
}

export interface Mounting {
  emulator: Emulator
  operations: Operations
  wire: Wire
  /** What answers for an operation that the contract knows and nobody has built. */
  missing: (name: string) => Callable
}

export interface Route {
  method: HTTPMethods | HTTPMethods[]
  url: string
  /** The operation's name. */
  name: string
  /** More for the OpenAPI document: `summary`, `tags`, … */
  schema?: Record<string, unknown>
  config?: Record<string, unknown>
}

/** Puts operations on routes of this Fastify instance; each is loaded at its first call. */
export function mount(app: FastifyInstance, mounting: Mounting, routes: readonly Route[]): void {
  for (const { method, url, name, schema = {}, config = {} } of routes) {
    app.route({
      method,
      url,
      schema: { operationId: name, ...schema },
      config: { ...config, operation: name },
      exposeHeadRoute: false,
      handler: (request, reply) => serve(mounting, name, request, reply),
    })
  }
}

/** One request to one operation, from bytes to bytes; a promise if it has to wait for anything. */
function serve(mounting: Mounting, name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | undefined {
  const { operations, missing } = mounting
  const operation = operations.loaded(name)
  if (operation !== undefined) return perform(mounting, operation, request, reply)
  return operations.load(name).then(
    async (loaded) => (await perform(mounting, loaded ?? missing(name), request, reply)) ?? reply,
    (error) => refuse(mounting, name, reply, error),
  )
}

function perform(mounting: Mounting, operation: Callable, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | undefined {
  const { name } = operation
  const { emulator, wire } = mounting
  try {
    const place = namespaceOf(request)
    const { settings } = emulator.fittings
    const origin = originOf(request, settings, place)
    const namespace = emulator.find(place) ?? refuseNamespace(emulator.whyNot(place))
    reply.header('x-poolhouse-now', isoTime(namespace.clock.now()))
    if (namespace.faults.list().length > 0 || settings.allowFaultHeader) origin.slowly = (milliseconds) => trickle(reply.raw, milliseconds)
    const read = () => wire.read(request, name)
    const output: unknown = runAtOnce(operation, read, origin, namespace, (found) => tellViolations(reply, found))
    if (output instanceof Promise) {
      return output.then(
        (late) => wire.answer(reply, late, name),
        (error) => refuse(mounting, name, reply, error),
      )
    }
    wire.answer(reply, output, name)
  } catch (error) {
    refuse(mounting, name, reply, error)
  }
  return undefined
}

function refuse({ emulator, wire }: Mounting, name: string, reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof Broken) return breakAnswer(reply, error)
  if (isFailure(error)) noteFailed(emulator, reply.request, error)
  return wire.refuse(reply, error, name)
}

function refuseNamespace(why: string): never {
  throw new Refusal('InvalidNamespace', why)
}

/** A fault of the line between us and the caller, as somebody asked for. */
export function breakAnswer(reply: FastifyReply, { how, status }: Broken): FastifyReply {
  if (how === 'status') return reply.code(status).type('text/plain').send('')
  if (how === 'malformed') return reply.code(200).type('application/json').send('{"unfinished": ')
  const { socket } = reply.raw
  reply.hijack()
  if (how === 'reset') socket?.resetAndDestroy()
  else reply.raw.destroy()
  return reply
}

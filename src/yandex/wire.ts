import { isUtf8 } from 'node:buffer'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ProtoField } from '../contract/proto.ts'
import { DEEPEST, isDeeperThan } from '../core/extent.ts'
import type { Exceeded } from '../core/limits.ts'
import { Refusal } from '../core/refusal.ts'
import type { Wire } from '../http/mount.ts'
import { sendText } from '../http/send.ts'
import { json, methodOf } from './contract/index.ts'
import { printed } from './operation.ts'
import { replyHeaders } from './reply-headers.ts'
import type { YandexSettings } from './settings.ts'
import { CODES, statusOf } from './status.ts'
import { invalid, read } from './validation.ts'

/** REST as a transcoding of the same methods (google.api.http): path, query and body become one message (yandex-idp 1 to 4). */
export function wireOf(settings: YandexSettings, gate: (request: FastifyRequest, name: string) => void): Wire {
  return {
    read(request, name) {
      gate(request, name)
      return message(request, name)
    },
    answer(reply, output, name) {
      headers(reply, name, output)
      return send(reply, 200, printed(name, output, settings))
    },
    refuse: (reply, error) => sendError(reply, error),
  }
}

/** The status that an error of this name is answered with. */
export function httpStatusOf(error: string): number {
  return Object.hasOwn(CODES, error) ? CODES[error as keyof typeof CODES].http : CODES.INVALID_ARGUMENT.http
}

/** What calls beyond a limit are refused with. */
export function throttled({ name, rate }: Exceeded): Refusal {
  const description = `The limit of ${rate} for ${name} is exceeded`
  return new Refusal('RESOURCE_EXHAUSTED', description, { quota: [{ subject: name, description }] })
}

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  headers(reply)
  const { name, ...status } = statusOf(error, reply.request.id)
  return send(reply, CODES[name].http, status)
}

function send(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return sendText(reply, status, 'application/json', JSON.stringify(body))
}

function headers(reply: FastifyReply, name?: string, output?: unknown): void {
  const { id, headers: given } = reply.request
  for (const [header, value] of replyHeaders(name, id, given['x-request-id'], output)) reply.header(header, value)
}

function message(request: FastifyRequest, name: string): Record<string, unknown> {
  const { request: type, http } = methodOf(name)
  const inPath = request.params as Record<string, string>
  const query = request.query as Record<string, string | string[]>
  const body = parse(request)
  if (http?.body === '*') {
    const stray = Object.keys(query)[0]
    if (stray !== undefined) throw invalid([{ field: stray, description: 'Not expected in the query string' }])
    return { ...without(type, body, inPath), ...read(type, inPath, { text: true }) }
  }
  if (Object.keys(body).length > 0) throw invalid([{ field: Object.keys(body)[0] as string, description: 'Not expected in a body' }])
  return read(type, { ...without(type, query, inPath), ...inPath }, { text: true })
}

/** A path's parameter wins over a member of the same name, whichever of its two names that has. */
function without(type: string, members: Record<string, unknown>, inPath: Record<string, string>): Record<string, unknown> {
  const taken = new Set(Object.keys(inPath).map((name) => json.field(type, name)?.number))
  const clashes = (field: ProtoField | undefined) => field !== undefined && taken.has(field.number)
  return Object.fromEntries(Object.entries(members).filter(([member]) => !clashes(json.field(type, member))))
}

function parse(request: FastifyRequest): Record<string, unknown> {
  const { body } = request
  if (!Buffer.isBuffer(body) || body.length === 0) return {}
  if (!isUtf8(body)) throw unreadable('Request body is not valid UTF-8')
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw unreadable('Request body is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('Request body is not a JSON object')
  if (isDeeperThan(value, DEEPEST)) throw unreadable('Request body is nested too deeply')
  return value as Record<string, unknown>
}

function unreadable(message: string): Refusal {
  return new Refusal('INVALID_ARGUMENT', message)
}

import { isUtf8 } from 'node:buffer'
import { createRequire } from 'node:module'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type Qs from 'qs'
import sjson from 'secure-json-parse'
import { DEEPEST, isDeeperThan } from '../core/extent.ts'
import type { Exceeded } from '../core/limits.ts'
import { Refusal } from '../core/refusal.ts'
import type { Wire } from '../http/mount.ts'
import { sendText } from '../http/send.ts'
import { STATUSES } from './call.ts'
import { type HarmonyOperation, headersOf } from './operation.ts'
import { type Choice, coerce, html, type Schema } from './schema.ts'

/** JSON and forms in, JSON out; every failure is `{"error": "<text>"}` and nothing else (harmony-auth 1). */
export function wireOf(operations: ReadonlyMap<string, HarmonyOperation>): Wire {
  const named = (name: string): HarmonyOperation => {
    const operation = operations.get(name)
    if (operation === undefined) throw new Error(`no operation ${name}`)
    return operation
  }
  return {
    read(request, name) {
      const { declaration } = named(name)
      const query = declaration.query === undefined ? {} : coerceAll(queryOf(request), declaration.query)
      const body = request.method === 'GET' || request.method === 'HEAD' ? {} : bodyOf(request, declaration.body)
      return { ...query, ...body, ...(request.params as object) }
    },
    answer(reply, output, name) {
      const { status, declaration } = named(name)
      reply.headers(headersOf(output))
      if (output === undefined) return reply.code(status).send()
      if (Object.values(declaration.answers)[0] === html) {
        return sendText(reply, status, 'text/html; charset=utf-8', (output as { html: string }).html)
      }
      return send(reply, status, output)
    },
    refuse: (reply, error) => sendError(reply, error),
  }
}

/** The status that an error of this name is answered with. */
export function statusOf(error: string): number {
  return STATUSES[error] ?? 400
}

/** What calls beyond a limit are refused with; its headers are not documented, this one is everybody's. */
export function throttled({ wait }: Exceeded): Refusal {
  return new Refusal('TooManyRequests', 'too many requests, try again later', { retryAfter: wait })
}

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof Refusal) {
    const { retryAfter } = error.facts
    if (typeof retryAfter === 'number') reply.header('retry-after', String(Math.ceil(retryAfter / 1000)))
    return send(reply, STATUSES[error.name] ?? 400, { error: error.message })
  }
  return send(reply, 500, { error: 'Internal Server Error' })
}

function send(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return sendText(reply, status, 'application/json', JSON.stringify(body))
}

function queryOf(request: FastifyRequest): unknown {
  const at = request.url.indexOf('?')
  return at === -1 ? {} : parseForm(request.url.slice(at + 1))
}

function bodyOf(request: FastifyRequest, schema: Schema<unknown> | undefined): object {
  const { body } = request
  if (!Buffer.isBuffer(body) || body.length === 0) return {}
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    throw new Refusal('BadRequest', 'Content-Type must be application/json or application/x-www-form-urlencoded')
  }
  if (!isUtf8(body)) throw new Refusal('BadRequest', 'the body is not UTF-8')
  const text = body.toString('utf8')
  const value = type === 'application/json' ? parseJson(text) : coerceAll(parseForm(text), schema)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('BadRequest', 'the body must be an object')
  if (isDeeperThan(value, DEEPEST)) throw new Refusal('BadRequest', 'the body is nested too deeply')
  return value
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = sjson.parse(text, undefined, { protoAction: 'remove', constructorAction: 'remove' })
    return text.includes('prototype') || text.includes('constructor') || text.includes('\\u') ? withoutPrototypes(value) : value
  } catch {
    throw new Refusal('BadRequest', 'the body is not JSON')
  }
}

/** `user[appMetadata][role]=x`. What is beyond the limits is refused, not dropped. */
const FORM = { depth: 16, strictDepth: true, parameterLimit: 1000, arrayLimit: 100, throwOnLimitExceeded: true }

let qs: typeof Qs | undefined

function parseForm(text: string): unknown {
  // Forms are rare here: what reads them is loaded with the first.
  qs ??= createRequire(import.meta.url)('qs') as typeof Qs
  try {
    return withoutPrototypes(qs.parse(text, FORM))
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('BadRequest', `the form is too large: ${error.message}`)
    throw error
  }
}

const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype'])

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DANGEROUS.has(key))
      .map(([key, item]) => [key, withoutPrototypes(item)]),
  )
}

function coerceAll(value: unknown, schema: Schema<unknown> | undefined): object {
  if (schema === undefined) return value as object
  if (!('branches' in schema)) return coerce(value, schema.json) as object
  const { by, branches } = schema as Choice<unknown>
  const told = String((value as Record<string, unknown>)[by] ?? Object.keys(branches)[0])
  const branch = Object.hasOwn(branches, told) ? branches[told] : undefined
  return coerce(value, branch?.json ?? {}) as object
}

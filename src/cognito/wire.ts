import { isUtf8 } from 'node:buffer'
import type { FastifyReply, FastifyRequest } from 'fastify'
import sjson from 'secure-json-parse'
import { DEEPEST, isDeeperThan } from '../core/extent.ts'
import { Refusal } from '../core/refusal.ts'
import type { Wire } from '../http/mount.ts'
import { sendText } from '../http/send.ts'
import type { CognitoSettings } from './settings.ts'
import { requireSignature } from './signatures.ts'

/** AWS JSON 1.1 as cognito-idp speaks it (cognito-behaviour W1 to W7). */
export const CONTENT_TYPE = 'application/x-amz-json-1.1'

/** The status that an error of this name is answered with. */
export function statusOf(error: string): number {
  return STATUSES[error] ?? 400
}

/** What calls beyond a limit are refused with (W13). */
export function throttled(): Refusal {
  return new Refusal('TooManyRequestsException', 'Rate exceeded')
}

const STATUSES: Record<string, number> = {
  InternalErrorException: 500,
  InternalServerException: 500,
  NotImplementedException: 501,
  RequestEntityTooLargeException: 413,
}

/** (?) What the service says when it cannot make out the operation; its real answer seems to have no text. */
export const UNKNOWN_OPERATION = 'UnknownOperationException'

export function wireOf({ signatures, accessKeys }: Pick<CognitoSettings, 'signatures' | 'accessKeys'>): Wire {
  return {
    read(request, name) {
      requireContentType(request)
      if (signatures === 'strict') requireSignature(request, name, accessKeys)
      return parse(request.body)
    },
    answer(reply, output) {
      reply.header('x-amzn-requestid', reply.request.id)
      return sendText(reply, 200, CONTENT_TYPE, output === undefined ? '' : JSON.stringify(output))
    },
    refuse(reply, error) {
      return sendError(reply, error)
    },
  }
}

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const known = error instanceof Refusal
  const name = known ? error.name : 'InternalErrorException'
  const message = known ? error.message : 'Something went wrong'
  const facts = known ? error.facts : {}
  reply.header('x-amzn-requestid', reply.request.id)
  reply.header('x-amzn-errortype', `${name}:`)
  if (message !== '') reply.header('x-amzn-errormessage', headerText(message))
  const body = { __type: name, ...(message === '' ? {} : { message }), ...facts }
  return sendText(reply, STATUSES[name] ?? 400, CONTENT_TYPE, JSON.stringify(body))
}

/** Clients read no more than some kilobytes of headers, and then nothing at all; what a sentence quotes may be longer. */
const LONGEST_HEADER = 1024

/** A header holds one line of Latin-1: anything else in a message is left out of it. */
function headerText(text: string): string {
  return text
    .slice(0, LONGEST_HEADER)
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
}

function requireContentType(request: FastifyRequest): void {
  const { 'content-type': given = '' } = request.headers
  if (given === CONTENT_TYPE) return
  const type = given.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== CONTENT_TYPE) {
    throw new Refusal(UNKNOWN_OPERATION, `The content type must be ${CONTENT_TYPE}, not ${type === '' ? 'absent' : type}.`)
  }
}

/** (?) The service's reader refuses such a body without a text. */
const UNREADABLE = ''

function parse(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new Refusal('SerializationException', UNREADABLE)
  if (!isUtf8(body)) throw new Refusal('SerializationException', UNREADABLE)
  const text = body.toString('utf8')
  try {
    const value: unknown = sjson.parse(text, undefined, { protoAction: 'remove', constructorAction: 'remove' })
    if (body.length <= 2 * DEEPEST || !isDeeperThan(value, DEEPEST)) return text.includes('null') ? withoutNulls(value) : value
  } catch {
    // Refused below, as what is nested too deeply is.
  }
  throw new Refusal('SerializationException', UNREADABLE)
}

/** A null member is an absent one. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  )
}

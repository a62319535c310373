import type { FastifyRequest } from 'fastify'
import type { Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import type { Namespace } from '../core/namespace.ts'
import { Refusal } from '../core/refusal.ts'
import { isTold } from '../core/run.ts'
import { namespaceOf } from './origin.ts'

/**
 * A fault of ours while a request was served: it goes into the journal and the log with its stack, unless the call that it struck has
 * told of it already. Answers what may be said of it outside, with a reference to what was written.
 */
export function noteFailed(emulator: Emulator, request: FastifyRequest, error: unknown, room = 'poolhouse'): string {
  if (!isTold(error)) {
    const { journal, clock } = placeOf(emulator, request)
    const operation = `${request.method} ${request.originalUrl.split('?', 1)[0]}`
    const entry = journal.open({ at: clock.now(), room, operation, requestId: request.id, transport: 'http', mask: undefined })
    journal.close(entry, { outcome: 'failed', error: described(error, request) })
  }
  return `The emulator failed; its log and its journal say why under ${request.id}.`
}

/** Whether an error that reached the server is a fault of ours: neither a refusal nor a mistake of the caller. */
export function isFailure(error: unknown): boolean {
  if (error instanceof Refusal || error instanceof Broken) return false
  return ((error as { statusCode?: number } | null)?.statusCode ?? 500) >= 500
}

/** What failed may be the very finding of the namespace. */
function placeOf(emulator: Emulator, request: FastifyRequest): Namespace {
  try {
    return emulator.find(namespaceOf(request)) ?? emulator.namespace()
  } catch {
    return emulator.namespace()
  }
}

function described(error: unknown, request: FastifyRequest): { name: string; message: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { name: 'Error', message: 'something was thrown that is no error' }
  // Errors quote what they stumble over, and the request may say what no log is to hold.
  const { authorization = '', cookie = '' } = request.headers
  const parts = `${authorization} ${cookie}`.split(/[\s;,=]+/)
  const said = [...textsIn([authorization, cookie, request.query, request.params, request.body, parts])]
  const message = said.reduce((text, part) => text.replaceAll(part, '***'), error.message)
  return { name: error.name, message, stack: error.stack?.replaceAll(error.message, message) }
}

/** Shorter ones are words rather than secrets. */
const SHORTEST = 6

function* textsIn(value: unknown): Generator<string> {
  if (Buffer.isBuffer(value)) yield* textsIn(value.toString())
  else if (typeof value === 'string') {
    if (value.length >= SHORTEST) yield value
  } else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsIn(part)
}

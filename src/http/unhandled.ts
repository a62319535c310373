import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Emulator } from '../core/emulator.ts'
import { nearest, suggestion } from '../core/nearest.ts'
import { namespaceOf } from './origin.ts'
import { tellViolations } from './violations.ts'

interface Unknown {
  room: string
  operation: string
  known: readonly string[]
  /** What names the operation, where the path does not. */
  target?: string | undefined
}

/** A call that nobody here knows: it goes into the journal and the log, with what may have been meant. */
export function noteUnhandled(
  emulator: Emulator,
  request: FastifyRequest,
  reply: FastifyReply,
  { room, operation, known, target }: Unknown,
): string {
  const message = `there is no ${operation}${suggestion(operation, known)}`
  const namespace = emulator.find(namespaceOf(request))
  const path = request.originalUrl.split('?', 1)[0] ?? ''
  if (namespace !== undefined) {
    const { journal, clock } = namespace
    const entry = journal.open({ at: clock.now(), room, operation, requestId: request.id, transport: 'http', mask: undefined })
    journal.close(entry, {
      outcome: 'unhandled',
      error: { name: 'Unhandled', message },
      unhandled: { method: request.method, path, ...(target === undefined ? {} : { target }), nearest: nearest(operation, known) },
    })
  }
  if (namespace?.contractMode(room) === 'strict') {
    tellViolations(reply, [{ where: 'request', path: '', rule: 'undocumented', message }])
  }
  return message
}

import type { FastifyRequest } from 'fastify'
import type { Emulator } from '../core/emulator.ts'
import { suggestion } from '../core/nearest.ts'
import { namespaceOf } from './origin.ts'

/** A call that nobody here knows: it goes into the journal and the log, with what may have been meant. */
export function noteUnhandled(
  emulator: Emulator,
  request: FastifyRequest,
  { room, operation, known }: { room: string; operation: string; known: readonly string[] },
): string {
  const message = `there is no ${operation}${suggestion(operation, known)}`
  const namespace = emulator.find(namespaceOf(request))
  const at = namespace?.clock.now() ?? 0
  namespace?.journal
    .open({ at, room, operation, requestId: request.id, transport: 'http', input: undefined, mask: undefined })
    .close({ outcome: 'unhandled', error: { name: 'Unhandled', message } })
  return message
}

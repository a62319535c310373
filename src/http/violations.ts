import type { FastifyReply } from 'fastify'
import { inOneLine, type Violation } from '../core/violations.ts'

/** By this header the emulator speaks, whatever the vendor's answer says. */
export const VIOLATIONS_HEADER = 'x-poolhouse-violations'

export function tellViolations(reply: FastifyReply, violations: readonly Violation[]): void {
  reply.header(VIOLATIONS_HEADER, inOneLine(violations))
}

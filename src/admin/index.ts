/**
 * The emulator's own API under `/_/`: health, reset, outbox, journal, coverage. Never a vendor's path, never journalled.
 * It sees rooms only as what app.ts hands it: a name and its operations.
 */
import type { FastifyInstance } from 'fastify'
import { coverageOf } from '../contract/coverage.ts'
import type { Operations } from '../contract/operation.ts'
import type { Emulator } from '../core/emulator.ts'

export interface AdminOptions {
  emulator: Emulator
  rooms: { name: string; operations: Operations }[]
  readiness: Readiness
  version: string
}

/** What was wrong with the fixtures, if anything was. */
export interface Readiness {
  errors: readonly string[]
}

export async function admin(app: FastifyInstance, { rooms, version }: AdminOptions): Promise<void> {
  app.get('/health', async () => ({ status: 'ok', version }))
  app.get('/coverage', async () => rooms.map(({ name, operations }) => coverageOf(name, operations)))
}

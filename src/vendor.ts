import type { FastifyInstance } from 'fastify'
import type { Debuggable } from './admin/debugger/index.ts'
import type { Inspector } from './admin/tokens.ts'
import type { People } from './admin/users.ts'
import type { Operations } from './contract/operation.ts'
import type { Surface } from './contract/report/surface.ts'
import type { Settle } from './core/due.ts'
import type { Emulator } from './core/emulator.ts'
import type { Exceeded } from './core/limits.ts'
import type { Answer, Door } from './core/namespace.ts'
import type { Refusal } from './core/refusal.ts'
import type { Callable } from './core/run.ts'
import type { Deferred } from './core/seeding.ts'
import type { RoomOption } from './core/settings.ts'
import type { Workers } from './core/workers.ts'
import type { Room as FixtureRoom } from './fixtures/index.ts'
import type { GrpcRoom } from './http/grpc/server.ts'
import type { Describe } from './http/openapi.ts'
import type { Rewrite } from './http/server.ts'
import type { Inside } from './oauth/upstream/index.ts'

/** What answers to a vendor's questions may need of the emulator. */
export interface Tools {
  workers: Workers
  /** Sends a request to the emulator itself. */
  inside: Inside
}

/**
 * What a vendor brings to the emulator, and all that the emulator knows of one: its room's index.ts exports it, app.ts puts it in its
 * places. What only one vendor has, app.ts names itself.
 */
export interface Vendor {
  /** As rooms, settings, fixtures and the journal call it. */
  readonly name: string
  readonly operations: Operations
  /** What answers for an operation that the contract knows and nobody has built. */
  missing(name: string): Callable
  /** The names of calls that are no operations, for the journal and for faults: endpoints and pages. */
  readonly calls?: readonly string[]
  /** What can be set about it, as `--<name>-<option>`. */
  readonly options: readonly RoomOption[]
  readonly fixtures: Omit<FixtureRoom, 'name' | 'operations' | 'missing'>
  /** What a report must know of its contract. */
  readonly surface: Surface
  /** What the OpenAPI document says of it. */
  readonly describe: Describe

  /** All that it serves over HTTP. */
  serve(server: FastifyInstance, options: { emulator: Emulator }): Promise<void>
  /** Where a request for a path of all vendors belongs. */
  readonly rewrite?: Rewrite
  /** What it serves over gRPC, loaded when the first such client comes. */
  grpc?(emulator: Emulator): Promise<GrpcRoom>

  /** The HTTP status of a refusal, for the log. */
  statusOf(error: string): number
  /** How it refuses who calls too often. */
  throttled(exceeded: Exceeded): Refusal
  /** How its due work is done, by kind. */
  readonly settle?: Readonly<Record<string, Settle>>
  /** Who answers what its handlers ask, by kind of question. */
  answers?(tools: Tools): Readonly<Record<string, Answer>>
  /** By kind of question: answers that a fixture's calls need not wait for. */
  deferred?(tools: Tools): Readonly<Record<string, Deferred>>
  /** How another vendor's call has one of its operations done inside itself. */
  readonly invoke?: Door

  /** What it knows of tokens. */
  readonly inspectToken?: Inspector
  /** What whoever runs the emulator may do with its people. */
  readonly people?: People
  /** What it tells of its clients to whoever walks a flow with one. */
  readonly debugging?: Debuggable
}

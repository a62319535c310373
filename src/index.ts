/**
 * Poolhouse inside another program: `const idp = await start({ port: 0 })`.
 *
 * It prints nothing, handles no signals, keeps state in memory unless told otherwise, and leaves nothing behind once closed.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from './config.ts'
import type { Clock } from './core/clock.ts'
import { duration, wait } from './core/clock.ts'
import { DEFAULT_NAMESPACE, type Emulator } from './core/emulator.ts'
import type { Entry, JournalFilter } from './core/journal.ts'
import type { OutboxFilter, Sent } from './core/outbox.ts'
import { launch } from './launch.ts'

export { UsageError } from './config.ts'
export type { Entry, JournalFilter } from './core/journal.ts'
export type { OutboxFilter, Sent } from './core/outbox.ts'

export interface StartOptions {
  host?: string
  /** A free one by default. */
  port?: number
  /** A folder that keeps the state; without one it lives in memory. */
  data?: string
  /** Files of calls, in this order; without them the demo world. */
  fixtures?: string | readonly string[]
  /** No demo world. */
  empty?: boolean
  seed?: string | number
  bcryptCost?: number
  durable?: boolean
  /** What time it is at the start. */
  clock?: Date | string | number
  /** The clock stands still. */
  frozen?: boolean
  publicUrl?: string
  /** Checks every answer against its contract before it leaves. */
  strict?: boolean
  /** A TLS port too, its development certificate kept in this folder or where the command line keeps it. */
  tls?: boolean | { folder: string }
  /** What the vendors' rooms are configured with, by room. */
  rooms?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** One isolated world of the emulator. */
export interface World {
  readonly name: string
  /** The base URL of this world: what clients take for their endpoint. */
  readonly url: string
  readonly clock: WorldClock
  readonly outbox: WorldOutbox
  readonly journal: { list(filter?: JournalFilter): Omit<Entry, 'mask'>[]; clear(): void }
  /** Back to the fixtures, clock and chance included; or to nothing, or to a snapshot. */
  reset(options?: { to?: 'baseline' | 'empty' | (string & {}) }): void
  /** Keeps what this world holds now under a name, for `reset({ to: name })` in any world. */
  snapshot(name: string): void
}

export interface WorldClock {
  now(): Date
  /** Stands still at this time, or at the present one. */
  freeze(at?: Date | string | number): void
  /** Runs on from the time it shows. */
  run(): void
  set(at: Date | string | number): void
  /** Milliseconds, or a text like `1h30m`; what falls due meanwhile is done, in order. */
  advance(by: number | string): void
}

export interface WorldOutbox {
  /** Oldest first. */
  list(filter?: OutboxFilter): Sent[]
  /** The newest message, awaited for at most `wait` milliseconds. */
  latest(filter?: OutboxFilter & { wait?: number }): Promise<Sent | undefined>
  clear(): void
}

export interface Poolhouse extends World {
  readonly port: number
  /** With TLS: its base URL, and the authority to trust (PEM file). */
  readonly tls?: { url: string; port: number; caFile: string | undefined } | undefined
  /** Another world, made from the fixtures at its first use. */
  namespace(name: string): World
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts an emulator in this process and answers once it listens and holds its world. */
export async function start(options: StartOptions = {}): Promise<Poolhouse> {
  const { host = '127.0.0.1', port = 0, data, fixtures = [], empty = false, seed, bcryptCost = 4, durable = false } = options
  const running = await launch({
    host,
    port,
    data: data ?? '',
    memory: data === undefined,
    fixtures: typeof fixtures === 'string' ? [fixtures] : fixtures,
    empty,
    seed: seed === undefined ? undefined : String(seed),
    bcryptCost,
    durable,
    publicUrl: options.publicUrl?.replace(/\/+$/, ''),
    strict: options.strict ?? false,
    rooms: options.rooms ?? {},
    logLevel: 'silent',
    quiet: true,
    namespaces: 'auto',
    namespaceIdle: undefined,
    clock: options.clock === undefined ? undefined : instant(options.clock),
    frozen: options.frozen ?? false,
    tls: options.tls !== undefined && options.tls !== false,
    tlsPort: 0,
    tlsFolder: typeof options.tls === 'object' ? options.tls.folder : join(homedir(), '.poolhouse', 'tls'),
    tlsNames: [],
    cert: undefined,
    key: undefined,
  })
  const { app, url } = running
  const world = (name: string) => worldOf(name, name === DEFAULT_NAMESPACE ? url : `${url}/~${name}`, app.emulator)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= app.close()
    return closing
  }
  return Object.freeze({
    ...world(DEFAULT_NAMESPACE),
    port: running.port,
    tls: running.tls,
    namespace: world,
    close,
    [Symbol.asyncDispose]: close,
  })
}

function worldOf(name: string, url: string, emulator: Emulator): World {
  const namespace = () => emulator.namespace(name)
  namespace()
  const change = (act: (clock: Clock) => void) => {
    namespace().setClock(act)
    namespace().settle()
  }
  return {
    name,
    url,
    clock: {
      now: () => new Date(namespace().clock.now()),
      freeze: (at) => change((clock) => clock.freeze(at === undefined ? undefined : instant(at))),
      run: () => change((clock) => clock.run()),
      set: (at) => change((clock) => clock.set(instant(at))),
      advance: (by) => change((clock) => clock.advance(span(by))),
    },
    outbox: {
      list: (filter) => namespace().outbox.list(filter),
      latest: async ({ wait: longest = 0, ...filter } = {}) => {
        const { outbox } = namespace()
        return outbox.latest(filter) ?? (longest > 0 ? await outbox.arrival(filter, (signal) => wait(longest, signal)) : undefined)
      },
      clear: () => namespace().outbox.clear(),
    },
    journal: {
      list: (filter) => namespace().journal.list(filter),
      clear: () => namespace().journal.clear(),
    },
    reset: ({ to = 'baseline' } = {}) => {
      if (to === 'baseline') return emulator.reset(name)
      if (to === 'empty') return emulator.empty(name)
      if (!emulator.loadSnapshot(to, name)) throw new UsageError(`there is no snapshot ${to}`)
      namespace().journal.clear()
    },
    snapshot: (snapshot) => {
      emulator.saveSnapshot(snapshot, name)
    },
  }
}

function instant(at: Date | string | number): number {
  const time = typeof at === 'number' ? at : new Date(at).getTime()
  if (!Number.isFinite(time)) throw new UsageError(`${JSON.stringify(at)} is no time`)
  return time
}

function span(by: number | string): number {
  const time = typeof by === 'number' ? by : duration(by)
  if (time === undefined || !Number.isFinite(time)) throw new UsageError(`${JSON.stringify(by)} is no span of time; say 90s, 1h30m or 3d`)
  return time
}

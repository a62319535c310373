/**
 * Poolhouse inside another program: `const idp = await start({ port: 0 })`.
 *
 * It prints nothing, handles no signals, keeps state in memory unless told otherwise, and leaves nothing behind once closed.
 */
import { roomOptions } from './app.ts'
import { decide, fromFlags, fromOptions, type Layer, settings } from './config.ts'
import { DEFAULT_NAMESPACE } from './core/emulator.ts'
import { launch } from './launch.ts'
import { exportAtEnd, watchFixtures } from './watch.ts'
import { instant, type World, worldOf } from './world.ts'

export { UsageError } from './config.ts'
export type { Entry, JournalFilter } from './core/journal.ts'
export type { OutboxFilter, Sent } from './core/outbox.ts'
export type { Target } from './environment.ts'
export type { Change, Report } from './fixtures/index.ts'
export type * from './world.ts'

export interface StartOptions {
  host?: string
  /** A free one by default. */
  port?: number
  /** A folder that keeps the state; without one it lives in memory. */
  data?: string
  /** Files of calls, in this order; without them the demo world. */
  fixtures?: string | readonly string[]
  /** Applies the fixtures again when their files change; what is wrong with them then changes nothing. */
  watch?: boolean
  /** Writes all state there as data at its close. */
  exportOnExit?: string
  /** No demo world. */
  empty?: boolean
  seed?: string | number
  bcryptCost?: number
  durable?: boolean
  /** A fixed one-time code for all, or codes by address. */
  codes?: string | Readonly<Record<string, string>>
  /** What time it is at the start. */
  clock?: Date | string | number
  /** The clock stands still. */
  frozen?: boolean
  /** How often calls may be made, by operation or vendor: `{ InitiateAuth: '5/s' }`. */
  limits?: Readonly<Record<string, string>>
  /** Whether a request may order its own fault by the header `x-poolhouse-fault`. */
  allowFaultHeader?: boolean
  /** How many calls the journal keeps; `false` for none. */
  journal?: number | false
  /** How many messages the outbox of each namespace keeps. */
  outbox?: number
  /** A file of private keys (JWKS) to sign tokens with, or keys of its own. */
  keys?: string
  freshKeys?: boolean
  /** Copies mails to this server: `smtp://localhost:1025`. */
  smtp?: string
  /** The only recipients that mails are copied for: `*@example.com`. */
  smtpAllow?: readonly string[]
  /** Whether a namespace is made at its first use; `created` for only on request. */
  namespaces?: 'auto' | 'created'
  /** How many namespaces may be in use at a time. */
  mostNamespaces?: number
  namespaceIdle?: number | string
  publicUrl?: string
  /** Other base URLs that tokens may name as their issuer. */
  issuerAliases?: readonly string[]
  /** Checks every answer against its contract before it leaves. */
  strict?: boolean
  /** What vendors tolerate and their contracts do not list is taken silently, noted (the default), or refused. */
  contract?: 'off' | 'warn' | 'strict'
  /** A TLS port too, its development certificate kept in this folder or where the command line keeps it; or your own (PEM files). */
  tls?: boolean | { folder: string } | { cert: string; key: string }
  /** Does not keep the process alive: it may end without closing the emulator. */
  unref?: boolean
  /** What the vendors' rooms are configured with, by room. */
  rooms?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface Poolhouse extends World {
  readonly port: number
  /** With TLS: its base URL, and the authority to trust (PEM file). */
  readonly tls?: { url: string; port: number; caFile: string | undefined } | undefined
  /** Another world, made from the fixtures at its first use. */
  namespace(name: string): World
  /** Drops another world and all it holds. */
  drop(name: string): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function filesOf(tls: StartOptions['tls']): { tlsFolder?: string; cert?: string; key?: string } {
  if (typeof tls !== 'object') return {}
  return 'folder' in tls ? { tlsFolder: tls.folder } : tls
}

/** What the Node API does otherwise than the command line, unless told not to. */
const STANDARD = { port: 0, tlsPort: 0, memory: true, logLevel: 'silent', quiet: true }

/** Options as settings; what is none is a mistake. */
function given({ clock, tls, data, seed, fixtures, ...rest }: Omit<StartOptions, 'rooms' | 'unref'>): Layer {
  const options = {
    ...rest,
    ...(clock === undefined ? {} : { clock: instant(clock) }),
    ...(tls === undefined ? {} : { tls: tls !== false, ...filesOf(tls) }),
    ...(data === undefined ? {} : { data, memory: false }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
    ...(fixtures === undefined ? {} : { fixtures }),
  }
  return fromOptions(settings(roomOptions), options, 'start()')
}

/** Starts an emulator in this process and answers once it listens and holds its world. */
export async function start(options: StartOptions = {}): Promise<Poolhouse> {
  const { rooms = {}, unref = false, ...rest } = options
  const { config } = decide(settings(roomOptions), [given(rest), fromFlags(STANDARD)])
  const running = await launch({ ...config, rooms: { ...config.rooms, ...rooms } })
  const { app, url } = running
  if (unref) app.unref()
  const world = (namespace: string) => {
    const base = namespace === DEFAULT_NAMESPACE ? url : `${url}/~${namespace}`
    const place = { url: base, namespace, caFile: running.tls?.caFile, secureUrl: running.tls?.url }
    return worldOf(place, app.emulator, app.server)
  }
  const unwatch = config.watch
    ? watchFixtures(config, app, { info: () => undefined, warn: () => undefined, error: () => undefined })
    : () => undefined
  let closing: Promise<void> | undefined
  const stop = async () => {
    unwatch()
    try {
      exportAtEnd(config, app)
    } finally {
      await app.close()
    }
  }
  const close = () => {
    closing ??= stop()
    return closing
  }
  return Object.freeze({
    ...world(DEFAULT_NAMESPACE),
    port: running.port,
    tls: running.tls,
    namespace: world,
    drop: (name: string) => {
      if (name !== DEFAULT_NAMESPACE) app.emulator.remove(name)
    },
    close,
    [Symbol.asyncDispose]: close,
  })
}

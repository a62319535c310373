/** The composition root: store, clock and rooms become one Fastify instance and one port. The only file that sees every room. */
import type { Http2Server } from 'node:http2'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { admin, controlAnswers, controls, maySee, type Readiness } from './admin/index.ts'
import { unknownName } from './admin/limits.ts'
import * as cognito from './cognito/index.ts'
import { type Coverage, coverageOf } from './contract/coverage.ts'
import { Usage } from './contract/report/usage.ts'
import { Emulator, type EmulatorOptions } from './core/emulator.ts'
import type { Entry } from './core/journal.ts'
import { defaultSettings, type RoomOption, type Settings } from './core/settings.ts'
import { Workers } from './core/workers.ts'
import { passkeyAnswers } from './directory/passkeys.ts'
import { passwordAnswers, sharedPasswords } from './directory/passwords.ts'
import { environment, TARGETS, type Target } from './environment.ts'
import { applyFixtures, buildFixtures, FixtureError, type Report, type Room, readFixtures, type Step } from './fixtures/index.ts'
import * as harmony from './harmony/index.ts'
import { type Listener, listen, listenSecurely } from './http/listener.ts'
import type { OpenApi } from './http/openapi.ts'
import { createServer, type Gate } from './http/server.ts'
import type { Certificates } from './http/tls.ts'
import { noteUnhandled } from './http/unhandled.ts'
import { exchangeAnswers, type Inside, samlAnswers } from './oauth/upstream/index.ts'
import { Relay, type RelayOptions } from './relay.ts'
import type { Tools, Vendor } from './vendor.ts'
import { version } from './version.ts'
import * as yandex from './yandex/index.ts'

export interface AppOptions extends Omit<EmulatorOptions, 'fittings'> {
  settings?: Partial<Settings>
  /** Where mails are copied to. */
  smtp?: RelayOptions | undefined
}

export interface App {
  emulator: Emulator
  server: FastifyInstance
  /** The HTTP status that the vendor gives such an outcome, for the log. */
  statusOf(entry: Pick<Entry, 'room' | 'outcome' | 'error'>): number
  /** Hears, once, of what looks like a mistake of whoever uses the emulator. */
  hearWarnings(listener: (text: string) => void): void
  /** What copies mails, if something does. */
  relay: Relay | undefined
  /** What calls use of the contracts. */
  usage: Usage
  /** Gives a fresh store its world; what an earlier run left behind stays. Other requests wait meanwhile. */
  prepare(world: World): Promise<void>
  /** Builds the world anew and makes it what a reset goes back to, then brings the default namespace to it; a mistake leaves all as it is. */
  reload(world: World): Promise<Reloaded>
  /** On a plaintext port, and with `tls` on a second one too. */
  listen(address: { host: string; port: number; tls?: { port: number; certificates: Certificates } | undefined }): Promise<Ports>
  /** What listens does not keep the process alive any more. */
  unref(): void
  close(): Promise<void>
}

export interface Reloaded {
  report?: Report
  /** Why the default namespace could not be brought to the new world; a reset does it. */
  problems?: readonly string[]
}

export interface Ports {
  port: number
  tlsPort?: number | undefined
}

export interface World {
  /** Files of calls, in this order. */
  fixtures: readonly string[]
  /** When it is there, in epoch milliseconds, and whether time stands still. */
  clock?: number | undefined
  frozen?: boolean | undefined
  /** Hears now and then how many items of the fixtures are done. */
  progress?: ((done: number, total: number) => void) | undefined
}

/** A world of so many things is built without a worker; a larger one is worth starting one. */
const SMALL_WORLD = 32

/** Everybody who is stood in for. */
const vendors: readonly Vendor[] = [cognito, yandex, harmony]

/** What each vendor can be configured with. */
export const roomOptions: Readonly<Record<string, readonly RoomOption[]>> = byName(({ options }) => options)

const rooms = vendors.map(({ name, operations, missing, calls = [], fixtures }) => ({ name, operations, missing, calls, ...fixtures }))

/** What fixtures can speak of: the vendors, and the emulator itself. */
export const book: readonly Room[] = [...rooms, controls(yandex.control, rooms)]

/** What each vendor has of something, where it has it. */
function byName<T>(pick: (vendor: Vendor) => T | undefined): Record<string, T> {
  const found = vendors.map((vendor) => [vendor.name, pick(vendor)] as const)
  return Object.fromEntries(found.filter((pair): pair is readonly [string, T] => pair[1] !== undefined))
}

function statusOf({ room, outcome, error }: Pick<Entry, 'room' | 'outcome' | 'error'>): number {
  if (outcome === 'failed') return 500
  if (error === undefined) return 200
  return vendors.find(({ name }) => name === room)?.statusOf(error.name) ?? 404
}

/** What is built of each vendor's contract. */
export function coverage(): Coverage[] {
  return rooms.map(({ name, operations }) => coverageOf(name, operations))
}

/** What is wrong with the name of what is to be limited, if something is. */
export function wrongLimit(names: readonly string[]): string | undefined {
  return names.map((name) => unknownName(name, rooms)).find((wrong) => wrong !== undefined)
}

/** Everything wired, nothing listening yet. */
export async function createApp({ settings = {}, smtp, ...options }: AppOptions = {}): Promise<App> {
  const workers = new Workers()
  const inside: Inside = async ({ method, url, headers, body }) => {
    const answer = await server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
    return { status: answer.statusCode, text: answer.body }
  }
  const warned = new Set<(text: string) => void>()
  const warn = (text: string) => {
    for (const listener of warned) listener(text)
  }
  const tools: Tools = { workers, inside }
  const fittings = {
    settings: Object.freeze({ ...defaultSettings, ...settings }),
    settle: Object.assign({}, ...vendors.map(({ settle }) => settle)),
    shared: sharedPasswords,
    deferred: Object.assign({}, ...vendors.map((vendor) => vendor.deferred?.(tools))),
    answer: Object.assign(
      { ...passwordAnswers(workers), ...passkeyAnswers, ...exchangeAnswers(inside), ...samlAnswers, ...controlAnswers(rooms) },
      ...vendors.map((vendor) => vendor.answers?.(tools)),
    ),
    doors: byName(({ invoke }) => invoke),
    warn,
    throttled: byName(({ throttled }) => throttled),
  }
  const emulator = new Emulator({ ...options, fittings })
  const relay = smtp === undefined ? undefined : new Relay(emulator, smtp)
  const usage = new Usage({
    emulator,
    surfaces: vendors.map(({ surface }) => surface),
    version,
    seed: options.seed,
  })
  const gate: Gate = { opening: undefined }
  const readiness: Readiness = { errors: [] }
  let authority: string | undefined
  let secure: { caFile?: string | undefined; secureUrl?: string } = {}

  const server = await createServer({
    emulator,
    gate,
    maySee: (origin, host) => maySee(origin, host, fittings.settings),
    warn,
    rewrites: vendors.flatMap(({ rewrite }) => rewrite ?? []),
    version,
    describe: vendors.map(({ describe }) => describe),
  })
  for (const vendor of vendors) await vendor.serve(server, { emulator })
  await server.register(admin, {
    prefix: '/_',
    emulator,
    rooms,
    book,
    readiness,
    usage,
    longRunning: yandex.control,
    environment: (place, target) => environment({ ...place, ...secure }, target as Target | undefined),
    targets: TARGETS,
    controls: { functions: cognito.functions, iam: yandex.control },
    debuggables: byName(({ debugging }) => debugging),
    send: ({ method, url, headers, body }) => inside({ method: method as 'POST', url, headers, ...(body === undefined ? {} : { body }) }),
    inspectors: byName(({ inspectToken }) => inspectToken),
    release: relay === undefined ? undefined : (message, namespace) => relay.send(message, namespace),
    statusOf,
    tokenMaker: { mint: cognito.mintTokens, expire: cognito.expireTokens, enqueue: cognito.nextClaims },
    people: byName(({ people }) => people),
    authority: () => authority,
    document: () => server.swagger() as unknown as OpenApi,
    version,
  })

  // Where whoever waits for any emulator looks first.
  server.get('/health', { schema: { hide: true } }, () => ({ status: 'ok', version }))
  server.head('/', { schema: { hide: true } }, (_request, reply) => reply.code(200).send())

  server.setNotFoundHandler((request, reply) => {
    const operation = `${request.method} ${request.url.split('?', 1)[0]}`
    const paths = Object.entries((server.swagger() as unknown as OpenApi).paths)
    const known = paths.flatMap(([path, item]) => Object.keys(item).map((verb) => `${verb.toUpperCase()} ${path}`))
    return reply.code(404).send({ error: noteUnhandled(emulator, request, reply, { room: 'poolhouse', operation, known }) })
  })

  const build = async (steps: readonly Step[], { clock, frozen, progress }: World) => {
    if (steps.reduce((sum, { count }) => sum + count, 0) <= SMALL_WORLD) workers.doHere(SMALL_WORLD)
    await emulator.buildBaseline(async (scratch) => {
      if (frozen === true) scratch.setClock((here) => here.freeze(clock))
      else if (clock !== undefined) scratch.setClock((here) => here.set(clock))
      await buildFixtures(steps, scratch, { progress })
    })
    workers.doHere(0)
  }
  const prepare = async (world: World) => {
    const namespace = emulator.namespace()
    if (emulator.recallBaseline()) return
    await build(await readFixtures(world.fixtures, book, { now: world.clock, seed: options.seed }), world)
    // A store that already holds something keeps it: only its baseline was lost.
    if (namespace.untouched) emulator.reset()
  }
  const listeners: Listener[] = []
  const app: App = {
    emulator,
    server,
    relay,
    usage,
    statusOf,
    hearWarnings: (listener) => warned.add(listener),
    async prepare(world) {
      gate.opening = prepare(world)
      try {
        await gate.opening
      } catch (error) {
        readiness.errors = (error as Error).message.split('\n')
        throw error
      } finally {
        gate.opening = undefined
      }
    },
    async reload(world) {
      const steps = await readFixtures(world.fixtures, book, { now: world.clock, seed: options.seed })
      await build(steps, world)
      try {
        return { report: await applyFixtures(steps, emulator.namespace()) }
      } catch (error) {
        if (error instanceof FixtureError) return { problems: error.problems }
        throw error
      }
    },
    async listen({ host, port, tls }) {
      await server.ready()
      // What speaks HTTP/2 is loaded when the first such client comes.
      let http2: Promise<Http2Server> | undefined
      const openHttp2 = async () => {
        const services = Promise.all(vendors.flatMap((vendor) => vendor.grpc?.(emulator) ?? []))
        const { createHttp2 } = await import('./http/grpc/server.ts')
        return createHttp2(server, await services, version)
      }
      const doors = {
        http1: server.server,
        http2: (socket: Socket) => {
          http2 ??= openHttp2()
          http2.then((opened) => opened.emit('connection', socket)).catch(() => socket.destroy())
        },
      }
      const plain = await listen({ host, port }, doors)
      listeners.push(plain)
      if (tls === undefined) return { port: plain.port }

      const { cert, key, ca } = tls.certificates
      authority = ca?.pem
      const safe = await listenSecurely({ host, port: tls.port, cert, key }, doors)
      listeners.push(safe)
      secure = { caFile: ca?.file, secureUrl: `https://localhost:${safe.port}` }
      return { port: plain.port, tlsPort: safe.port }
    },
    unref() {
      for (const listener of listeners) listener.unref()
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()))
      await server.close()
      await workers.close()
      await relay?.close()
      emulator.close()
    },
  }
  return app
}

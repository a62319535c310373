import { type FixtureCall, type Sent, type StartOptions, start, type Target } from '../index.ts'

/** One test's own namespace, made from the fixtures. All of it goes by HTTP: the emulator may be another process. */
export interface TestWorld {
  readonly name: string
  /** What clients take for their endpoint. */
  readonly url: string
  /** The variables that send clients here. */
  env(target?: Target): Promise<Record<string, string>>
  /** Applies calls in the vendors' words, as a list or as the text of a fixture; answers what named calls answered. */
  apply(fixtures: string | readonly FixtureCall[]): Promise<Record<string, unknown>>
  /** The newest message, awaited for so long: `{ to: 'a@b.c', wait: '5s' }`. */
  message(filter?: { to?: string; user?: string; channel?: string; since?: string; wait?: string }): Promise<Sent>
  /** The calls so far, secrets masked. */
  journal(filter?: { op?: string; room?: string; outcome?: string; error?: string }): Promise<Record<string, unknown>[]>
  /** Stops the clock, at that time or now. */
  freeze(at?: Date | string | number): Promise<void>
  /** Lets time pass (`1h30m`) and does what falls due meanwhile. */
  advance(by: number | string): Promise<void>
  /** Has these go wrong, as `PUT /_/faults` takes them. */
  faults(...faults: readonly Record<string, unknown>[]): Promise<void>
  reset(): Promise<void>
}

/** How the emulator of a worker process starts. Inside `poolhouse exec` there is one already, and its command line says how. */
export type WorkerOptions = Omit<StartOptions, 'host' | 'port' | 'data' | 'unref'>

/** One for each process and way of starting. */
const running = new Map<string, Promise<{ url: string }>>()

function baseOf(options: WorkerOptions): Promise<{ url: string }> {
  const outside = process.env.POOLHOUSE_URL
  if (outside !== undefined && outside !== '') return Promise.resolve({ url: outside.replace(/\/+$/, '') })
  const key = JSON.stringify(options)
  const known = running.get(key) ?? start({ ...options, unref: true })
  running.set(key, known)
  return known
}

/** Has the emulator of this process started before a test's time begins to run. */
export async function ready(options: WorkerOptions): Promise<void> {
  await baseOf(options)
}

export interface OwnWorld {
  world: TestWorld
  /** What was called and what was sent, as a text for whoever must understand a failure. */
  evidence(): Promise<string>
  drop(): Promise<void>
}

export async function ownWorld(options: WorkerOptions = {}): Promise<OwnWorld> {
  const { url: base } = await baseOf(options)
  const { name, url } = (await ask(base, 'POST', '/namespaces', {})) as { name: string; url: string }
  const get = (path: string, query: Record<string, string | undefined> = {}) => {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return ask(url, 'GET', given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`)
  }
  const world: TestWorld = {
    name,
    url,
    env: async (target) => (await get('/env', { for: target })) as Record<string, string>,
    apply: async (fixtures) => {
      const body = typeof fixtures === 'string' ? { sources: [{ file: 'fixtures', text: fixtures }] } : fixtures
      return ((await ask(url, 'POST', '/fixtures', body)) as { answers: Record<string, unknown> }).answers
    },
    message: async (filter) => (await get('/outbox/latest', filter)) as Sent,
    journal: async (filter) => (await get('/journal', filter)) as Record<string, unknown>[],
    freeze: async (at) => {
      await ask(url, 'PUT', '/clock', { ...(at === undefined ? {} : { now: at }), frozen: true })
    },
    advance: async (by) => {
      await ask(url, 'POST', '/clock/advance', { by })
    },
    faults: async (...faults) => {
      await ask(url, 'PUT', '/faults', faults)
    },
    reset: async () => {
      await ask(url, 'POST', '/reset')
    },
  }
  return {
    world,
    evidence: async () => told(name, await world.journal(), (await get('/outbox')) as unknown[]),
    drop: async () => {
      await ask(base, 'DELETE', `/namespaces/${name}`)
    },
  }
}

async function ask(base: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${base}/_${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await response.text()
  const answer: unknown = text === '' ? undefined : JSON.parse(text)
  if (!response.ok) throw new Error(`${method} /_${path}: ${(answer as { error?: string } | undefined)?.error ?? response.status}`)
  return answer
}

function told(name: string, journal: readonly Record<string, unknown>[], outbox: readonly unknown[]): string {
  const calls = journal.map(({ room, operation, outcome, error, input }) => {
    const { name: refusal, message } = (error ?? {}) as { name?: string; message?: string }
    const end = refusal === undefined ? String(outcome) : `${refusal}: ${message}`
    return `  ${room} ${operation} ${JSON.stringify(input) ?? ''} → ${end}`
  })
  return [
    `poolhouse: what was called in ${name}`,
    ...(calls.length === 0 ? ['  nothing'] : calls),
    'poolhouse: what was sent',
    ...(outbox.length === 0 ? ['  nothing'] : outbox.map((message) => `  ${JSON.stringify(message)}`)),
    '',
  ].join('\n')
}

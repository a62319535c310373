import type { FastifyInstance } from 'fastify'
import { UsageError } from './config.ts'
import type { Clock } from './core/clock.ts'
import { duration, wait } from './core/clock.ts'
import type { Emulator } from './core/emulator.ts'
import type { Entry, JournalFilter } from './core/journal.ts'
import type { OutboxFilter, Sent } from './core/outbox.ts'
import { environment, type Place, type Target } from './environment.ts'
import { Problems, type Report, readSources, type Source } from './fixtures/index.ts'

/** One isolated world of the emulator. */
export interface World {
  readonly name: string
  /** The base URL of this world: what clients take for their endpoint. */
  readonly url: string
  readonly clock: WorldClock
  readonly outbox: WorldOutbox
  readonly journal: WorldJournal
  readonly faults: WorldFaults
  readonly operations: WorldOperations
  readonly tokens: WorldTokens
  /** Does this to a user of any vendor, named by id or login name: the vendor's own operation. */
  user(name: string, deed: 'confirm' | 'disable' | 'enable' | 'reset' | 'sign-out'): Promise<void>
  /** How often calls may be made, by operation, vendor or `*`: `{ InitiateAuth: '5/s' }`. In the place of all before. */
  limit(rates: Readonly<Record<string, string>>): Promise<void>
  /** One-time codes that are not drawn, by address or login name, `*` for all others. */
  fixCodes(codes: Readonly<Record<string, string>>): void
  /** Signs tokens with new keys; `forget` takes the old ones out of the key sets. */
  rotateKeys(options?: { forget?: boolean }): void
  /** Back to the fixtures, clock and chance included; or to nothing, or to a snapshot. */
  reset(options?: { to?: 'baseline' | 'empty' | (string & {}) }): void
  /** Keeps what this world holds now under a name, for `reset({ to: name })` in any world. */
  snapshot(name: string): void
  /** Applies calls in the vendors' words, as a list or as the text of a fixture: all or none. Answers what named calls answered. */
  apply(fixtures: string | readonly FixtureCall[]): Promise<Record<string, unknown>>
  /**
   * Applies fixtures: files (also folders, patterns and modules), or calls and things as data. All or nothing; what is there already is
   * met again. Answers what was done.
   */
  seed(
    fixtures: string | readonly string[] | readonly FixtureCall[] | Readonly<Record<string, unknown>>,
    options?: SeedOptions,
  ): Promise<Report>
  /** The variables that send clients here. */
  env(target?: Target): Record<string, string>
}

export interface SeedOptions {
  /** Only answers what would be done. */
  dryRun?: boolean
  /** What becomes of what is there already; upsert unless told otherwise. */
  mode?: 'create' | 'upsert' | 'replace' | 'skip'
  /** What is then there is what a reset goes back to. */
  baseline?: boolean
}

export interface FixtureCall {
  /** `cognito.CreateUserPool` */
  call: string
  input?: unknown
  as?: string
  id?: string | readonly string[]
}

export interface ExpectedCall {
  vendor?: string
  operation?: string
  outcome?: 'ok' | 'refused' | 'failed' | 'unhandled'
  error?: string
  user?: string
  client?: string
  /** A part of the input. */
  input?: Record<string, unknown>
}

export interface WorldJournal {
  list(filter?: JournalFilter): Omit<Entry, 'mask'>[]
  clear(): void
  /** Throws, with the nearest calls and how they differ, unless such a call was made so many times (at least once). */
  expect(call: ExpectedCall, times?: number | { min?: number; max?: number }): Promise<void>
}

/** See `PUT /_/faults` in the OpenAPI document. */
export type FaultOrder = Readonly<Record<string, unknown>>

export interface WorldFaults {
  /** In the place of all others. */
  set(...faults: readonly FaultOrder[]): Promise<void>
  list(): Promise<readonly Record<string, unknown>[]>
  clear(): Promise<void>
}

/** Yandex's long-running Operations. */
export interface WorldOperations {
  list(): Promise<readonly { id: string; kind: string; done: boolean }[]>
  /** `runs`: immediate, 5s, polls: 3 or manual. */
  policy(policy: { kind?: string; runs: string; error?: { code: number | string; message?: string } }): Promise<void>
  complete(id: string): Promise<void>
  fail(id: string, error: { code: number | string; message?: string }): Promise<void>
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  /** The next so many of a kind, or of any, fail. */
  failNext(failure: { kind?: string; code: number | string; message?: string; times?: number }): Promise<void>
}

/** Whose tokens: of a Cognito user by id or login name, at a client by id or name. */
export interface TokenOwner {
  user: string
  client?: string
  pool?: string
}

export interface WorldTokens {
  /** As a sign-in gives them. `expires` is from now: `5m`, `-1h`. `triggers` has the pool's PreTokenGeneration function asked. */
  mint(order: TokenOwner & { expires?: string | number; scope?: string; claims?: Record<string, unknown>; triggers?: boolean }): Promise<{
    accessToken: string
    idToken: string
    refreshToken: string
    expiresIn: number
    triggers: 'asked' | 'passed over' | 'none'
  }>
  /** As if their time were over: those of one sign-in, or all of a user. */
  expire(which: TokenOwner | { token: string }): Promise<number>
  /** The next tokens, of whoever is named, say this too. */
  enqueue(order: Partial<TokenOwner> & { claims: Record<string, unknown>; use?: 'access' | 'id'; times?: number }): Promise<void>
  /** All that a token is refused for. */
  inspect(token: string, expected?: { use?: string; client?: string; scope?: string }): Promise<TokenInspection>
}

export interface TokenInspection {
  vendor: string
  kind: string
  valid: boolean
  problems: { rule: string; reason: string }[]
  claims?: Record<string, unknown>
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
  /** Sends one mail by SMTP, where the emulator was started with `smtp`. */
  release(id: number): Promise<{ to: string; messageId: string }>
}

/** A namespace as a program in this process sees it; what is not at hand goes through the admin API, without a network. */
export function worldOf({ namespace: name, ...place }: Place, emulator: Emulator, server: FastifyInstance): World {
  const { url } = place
  const namespace = () => emulator.namespace(name)
  namespace()
  const change = (act: (clock: Clock) => void) => {
    namespace().setClock(act)
    namespace().settle()
  }
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> => {
    // By its address: what the answers name is what clients call.
    const headers = { host: new URL(url).host }
    const request = { method, headers, url: `/~${name}/_${path}`, ...(body === undefined ? {} : { payload: JSON.stringify(body) }) }
    const response = await server.inject(request)
    const answer: unknown = response.body === '' ? undefined : response.json()
    if (response.statusCode < 400) return answer
    throw new UsageError(said(answer as Said))
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
      release: async (id) => (await ask('POST', `/outbox/${id}:release`)) as { to: string; messageId: string },
    },
    journal: {
      list: (filter) => namespace().journal.list(filter),
      clear: () => namespace().journal.clear(),
      expect: async (match, times = { min: 1 }) => {
        await ask('POST', '/journal/verify', { match, times })
      },
    },
    faults: {
      set: async (...faults) => {
        await ask('PUT', '/faults', faults)
      },
      list: async () => (await ask('GET', '/faults')) as Record<string, unknown>[],
      clear: async () => {
        await ask('DELETE', '/faults')
      },
    },
    operations: {
      list: async () => (await ask('GET', '/operations')) as { id: string; kind: string; done: boolean }[],
      policy: async (policy) => {
        await ask('PUT', '/operations/policy', policy)
      },
      complete: async (id) => {
        await ask('POST', `/operations/${encodeURIComponent(id)}:complete`)
      },
      fail: async (id, error) => {
        await ask('POST', `/operations/${encodeURIComponent(id)}:fail`, error)
      },
      pause: async (id) => {
        await ask('POST', `/operations/${encodeURIComponent(id)}:pause`)
      },
      resume: async (id) => {
        await ask('POST', `/operations/${encodeURIComponent(id)}:resume`)
      },
      failNext: async (failure) => {
        await ask('POST', '/operations/fail-next', failure)
      },
    },
    tokens: {
      mint: async (order) => (await ask('POST', '/tokens', order)) as Awaited<ReturnType<WorldTokens['mint']>>,
      expire: async (which) => ((await ask('POST', '/tokens/expire', which)) as { expired: number }).expired,
      enqueue: async (order) => {
        await ask('POST', '/tokens/enqueue', order)
      },
      inspect: async (token, expected = {}) => (await ask('POST', '/tokens/inspect', { token, ...expected })) as TokenInspection,
    },
    user: async (named, deed) => {
      await ask('POST', `/users/${encodeURIComponent(named)}:${deed}`)
    },
    limit: async (rates) => {
      await ask('PUT', '/limits', rates)
    },
    fixCodes: (codes) => namespace().setCodes(codes),
    rotateKeys: (options) => {
      namespace().rotateKeys(options)
    },
    apply: async (fixtures) => {
      const body = typeof fixtures === 'string' ? { sources: [{ file: 'fixtures', text: fixtures }] } : fixtures
      const { answers } = (await ask('POST', '/fixtures', body)) as { answers: Record<string, unknown> }
      return answers
    },
    seed: async (fixtures, { dryRun = false, mode = 'upsert', baseline = false } = {}) => {
      const files = typeof fixtures === 'string' ? [fixtures] : fixtures
      const named = Array.isArray(files) && files.length > 0 && files.every((file) => typeof file === 'string')
      const body = named ? { sources: await sourcesOf(files, namespace().clock.now()) } : fixtures
      return (await ask('POST', `/fixtures?dry=${dryRun}&mode=${mode}&baseline=${baseline}`, body)) as Report
    },
    env: (target) => environment({ ...place, namespace: name }, target),
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

async function sourcesOf(files: readonly string[], now: number): Promise<Source[]> {
  const problems = new Problems()
  const sources = await readSources(files, problems, { now })
  if (problems.any) throw new UsageError(problems.list().join('\n'))
  return sources
}

export function instant(at: Date | string | number): number {
  const time = typeof at === 'number' ? at : new Date(at).getTime()
  if (!Number.isFinite(time)) throw new UsageError(`${JSON.stringify(at)} is no time`)
  return time
}

function span(by: number | string): number {
  const time = typeof by === 'number' ? by : duration(by)
  if (time === undefined || !Number.isFinite(time)) throw new UsageError(`${JSON.stringify(by)} is no span of time; say 90s, 1h30m or 3d`)
  return time
}

interface Said {
  error: string
  nearest?: { id: number; room: string; operation: string; differences: { path: string; expected: unknown; actual: unknown }[] }[]
}

function said({ error, nearest = [] }: Said): string {
  const lines = nearest.map(({ id, room, operation, differences }) => {
    const parts = differences.map(({ path, expected, actual }) => `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`)
    return `  #${id} ${room}.${operation}: ${parts.join('; ')}`
  })
  return [error, ...(lines.length === 0 ? [] : ['nearest:', ...lines])].join('\n')
}

import { BadDump, dump, imageIn, undump } from '../core/dump.ts'
import type { Namespace } from '../core/namespace.ts'
import { suggestion } from '../core/nearest.ts'
import {
  applyFixtures,
  FixtureError,
  MODES,
  type Mode,
  parseFixtures,
  type Room,
  type Source,
  schemaOf,
  tableOf,
} from '../fixtures/index.ts'
import { type Asked, Declined, Response, type Route } from './route.ts'

const LARGE = 512 * 1024 * 1024

const DUMP = {
  type: 'object',
  properties: { poolhouse: { type: 'string' }, schema: { type: 'integer' }, tables: { type: 'object' } },
  required: ['schema', 'tables'],
}

const COUNT = { type: 'integer' }

const REPORT = {
  type: 'object',
  properties: {
    calls: { ...COUNT, description: 'how many were made' },
    created: COUNT,
    changed: COUNT,
    removed: COUNT,
    unchanged: COUNT,
    changes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          what: { type: 'string', enum: ['created', 'changed', 'removed'] },
          operation: { type: 'string' },
          name: { type: 'string' },
          fields: { type: 'array', items: { type: 'string' } },
          at: { type: 'string', description: 'file:line:col path' },
        },
      },
    },
    answers: { type: 'object', description: 'what the named calls answered' },
  },
  required: ['calls', 'created', 'changed', 'removed', 'unchanged', 'changes', 'answers'],
}

type UnderWay = Map<string, { done: number; total: number }>

/** State in and out: calls to apply, and all of it as data. */
export function transfer(rooms: readonly Room[], version: string): Route[] {
  /** Fixtures that are being applied in this emulator, by namespace. */
  const underWay: UnderWay = new Map()
  return [
    {
      method: 'POST',
      url: '/fixtures',
      summary: 'Apply a fixture, JSON or YAML, all of it or nothing; what is there already is met again',
      query: {
        dry: { type: 'string', enum: ['true', 'false'], description: 'only say whether they would be taken' },
        baseline: { type: 'string', enum: ['true', 'false'], description: 'what is then there is what a reset goes back to' },
        mode: { type: 'string', enum: [...MODES], description: 'what becomes of what is there already; upsert unless told otherwise' },
        file: { type: 'string', description: 'the name that messages give' },
      },
      body: { description: 'a list of calls, an object of calls and things by key, or files as { sources: [{ file, text }] }' },
      bodyLimit: LARGE,
      answer: REPORT,
      refuses: { 400: 'Something is wrong with it, told as file:line:col path: what, and nothing was applied' },
      handle: (asked) => apply(asked, rooms, underWay),
    },
    {
      method: 'GET',
      url: '/fixtures/progress',
      summary: 'How far the fixture is that is being applied here',
      answer: {
        type: 'object',
        properties: { done: { type: 'integer' }, total: { type: 'integer', description: '0 if there is none' } },
        required: ['done', 'total'],
      },
      handle: ({ namespaceName }) => underWay.get(namespaceName) ?? { done: 0, total: 0 },
    },
    {
      method: 'GET',
      url: '/fixtures/schema.json',
      summary: 'A JSON Schema of fixtures, for editors',
      answer: { type: 'object' },
      handle: () => schemaOf(rooms),
    },
    {
      method: 'GET',
      url: '/export',
      summary: 'All that this namespace holds; holds hashes of passwords and secrets of clients',
      query: {
        format: {
          type: 'string',
          enum: [...EXPORTS],
          description: 'fixtures (JSON: a fixture that holds all state; data is the same), snapshot (a SQLite file), or aws-csv',
        },
        pool: { type: 'string', description: 'for aws-csv: the id of the user pool whose users are listed' },
      },
      answer: { ...DUMP, required: [] },
      refuses: { 400: 'aws-csv needs a pool', 404: 'There is no such pool' },
      handle: (asked) => exported(asked, rooms, version),
    },
    {
      method: 'POST',
      url: '/import',
      summary: 'Put what was exported, as data or as a snapshot, in the place of all that this namespace holds',
      body: { oneOf: [DUMP, { type: 'string', description: 'a snapshot in base64' }] },
      bodyLimit: LARGE,
      refuses: { 400: 'It is no export, or a newer one' },
      handle: ({ namespace, body }) => {
        try {
          namespace().restore(readable(namespace(), typeof body === 'string' ? imageIn(Buffer.from(body, 'base64')) : undump(body)))
        } catch (error) {
          if (error instanceof BadDump) throw new Declined(400, error.message)
          throw error
        }
      },
    },
  ]
}

/** The image, if a namespace can be opened with it: what it says of itself was not checked by the database. */
function readable(namespace: Namespace, image: Buffer): Buffer {
  try {
    const { clock, faults, keyring, codes, chance, store } = namespace.copy(image)
    const sound = Number.isFinite(clock.now()) && Array.isArray(faults.list()) && Array.isArray(keyring.kept) && typeof codes === 'object'
    store.close()
    if (sound && Number.isFinite(chance.next().count)) return image
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
  }
  throw new BadDump('this export does not hold together: what it says of its own clock, faults or keys cannot be read')
}

const EXPORTS = ['fixtures', 'data', 'snapshot', 'aws-csv'] as const

async function exported({ namespace, query }: Asked, rooms: readonly Room[], version: string): Promise<unknown> {
  const { format = 'fixtures', pool } = query
  if (format === 'snapshot') return new Response(namespace().store.snapshot(), { type: 'application/vnd.sqlite3' })
  if (format === 'fixtures' || format === 'data') return exportOf(namespace(), version)
  if (pool === undefined) throw new Declined(400, 'say which pool: ?format=aws-csv&pool=us-east-1_…')
  const table = await tableOf(rooms, namespace(), pool)
  if (table === undefined) throw new Declined(404, `there is no user pool ${pool}`)
  return new Response(table, { type: 'text/csv; charset=utf-8' })
}

/** All of a namespace as data, which is a fixture too. */
export function exportOf(namespace: Namespace, version: string): object {
  return { poolhouse: version, ...dump(namespace.store.snapshot()) }
}

/** All or nothing: they are applied to a copy, which then takes the namespace's place. */
async function apply({ body, query, namespace, emulator }: Asked, rooms: readonly Room[], underWay: UnderWay): Promise<unknown> {
  const { dry, baseline, mode } = query
  try {
    // Whoever comes from elsewhere is shown neither this machine's variables nor its files.
    const reach = emulator.fittings.settings.exposed ? { env: {}, files: false } : undefined
    const steps = parseFixtures(sourcesOf(body, query.file ?? 'fixtures'), rooms, reach)
    const mine = { done: 0, total: steps.reduce((sum, { count }) => sum + count, 0) }
    underWay.set(namespace().name, mine)
    const progress = (done: number) => {
      mine.done = done
    }
    const report = await applyFixtures(steps, namespace(), { dryRun: dry === 'true', mode: mode as Mode | undefined, progress })
    if (dry !== 'true' && baseline === 'true') emulator.keepBaseline(namespace().name)
    return report
  } catch (error) {
    if (error instanceof FixtureError) throw new Declined(400, error.message, { errors: error.problems })
    throw error
  } finally {
    underWay.delete(namespace().name)
  }
}

function sourcesOf(body: unknown, file: string): Source[] {
  if (typeof body === 'string') return [{ file, text: body }]
  const { sources, ...beside } = (body ?? {}) as { sources?: unknown }
  if (!Array.isArray(sources)) return [{ file, text: JSON.stringify(body ?? null, undefined, 1) }]
  const [key] = Object.keys(beside)
  if (key !== undefined)
    throw new Declined(400, `${key}: ${IN_QUERY[key] ?? `unknown key beside sources${suggestion(key, Object.keys(IN_QUERY))}`}`)
  return sources.map((source: Partial<Source> | null) => {
    const { file, text, attached, ...rest } = source ?? {}
    if (typeof file !== 'string' || typeof text !== 'string') throw new Declined(400, 'sources must be a list of { file, text }')
    const [unknown] = Object.keys(rest)
    if (unknown !== undefined) throw new Declined(400, `${unknown}: unknown key of a source${suggestion(unknown, PARTS)}`)
    return { file, text, ...(attached === undefined ? {} : { attached }) }
  })
}

const PARTS = ['file', 'text', 'attached']

/** What belongs to the query and is looked for in the body. */
const IN_QUERY: Readonly<Record<string, string>> = {
  dry: 'goes into the query: ?dry=true',
  dryRun: 'goes into the query: ?dry=true',
  baseline: 'goes into the query: ?baseline=true',
  mode: 'goes into the query: ?mode=upsert',
  file: 'goes into the query, or is said of each source',
}

import { BadDump, dump, undump } from '../core/dump.ts'
import { applyFixtures, FixtureError, parseFixtures, type Room, type Source, tryFixtures } from '../fixtures/index.ts'
import { type Asked, Declined, type Route } from './route.ts'

const LARGE = 512 * 1024 * 1024

const DUMP = {
  type: 'object',
  properties: { poolhouse: { type: 'string' }, schema: { type: 'integer' }, tables: { type: 'object' } },
  required: ['schema', 'tables'],
}

/** State in and out: calls to apply, and all of it as data. */
export function transfer(rooms: readonly Room[], version: string): Route[] {
  return [
    {
      method: 'POST',
      url: '/fixtures',
      summary: 'Apply calls in the vendors’ words, JSON or YAML, all of them or none',
      query: {
        dry: { type: 'string', enum: ['true', 'false'], description: 'only say whether they would be taken' },
        baseline: { type: 'string', enum: ['true', 'false'], description: 'what is then there is what a reset goes back to' },
        file: { type: 'string', description: 'the name that messages give' },
      },
      body: { description: 'a list of calls, an object that has one under "calls", or files as { sources: [{ file, text }] }' },
      bodyLimit: LARGE,
      answer: {
        type: 'object',
        properties: { calls: { type: 'integer' }, answers: { type: 'object', description: 'what the named calls answered' } },
        required: ['calls', 'answers'],
      },
      refuses: { 400: 'Something is wrong with them, told as file:line:col, and nothing was applied' },
      handle: (asked) => apply(asked, rooms),
    },
    {
      method: 'GET',
      url: '/export',
      summary: 'All that this namespace holds; holds hashes of passwords and secrets of clients',
      answer: DUMP,
      handle: ({ namespace }) => ({ poolhouse: version, ...dump(namespace().store.snapshot()) }),
    },
    {
      method: 'POST',
      url: '/import',
      summary: 'Put what was exported in the place of all that this namespace holds',
      body: DUMP,
      bodyLimit: LARGE,
      refuses: { 400: 'It is no export, or a newer one' },
      handle: ({ namespace, body }) => {
        try {
          namespace().restore(undump(body))
        } catch (error) {
          if (error instanceof BadDump) throw new Declined(400, error.message)
          throw error
        }
      },
    },
  ]
}

/** First on a copy, so that a mistake leaves nothing behind; then for good. */
async function apply({ body, query, namespace, emulator }: Asked, rooms: readonly Room[]): Promise<unknown> {
  try {
    const calls = await parseFixtures(sourcesOf(body, query.file ?? 'fixtures'), rooms)
    const tried = await tryFixtures(calls, rooms, namespace())
    if (query.dry === 'true') return tried
    const applied = await applyFixtures(calls, rooms, namespace())
    if (query.baseline === 'true') emulator.keepBaseline(namespace().name)
    return applied
  } catch (error) {
    if (error instanceof FixtureError) throw new Declined(400, error.message, { errors: error.problems })
    throw error
  }
}

function sourcesOf(body: unknown, file: string): Source[] {
  if (typeof body === 'string') return [{ file, text: body }]
  const { sources } = (body ?? {}) as { sources?: unknown }
  if (!Array.isArray(sources)) return [{ file, text: JSON.stringify(body ?? null, undefined, 1) }]
  return sources.map((source: Partial<Source> | null) => {
    if (typeof source?.file === 'string' && typeof source.text === 'string') return { file: source.file, text: source.text }
    throw new Declined(400, 'sources must be a list of { file, text }')
  })
}

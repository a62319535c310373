import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { book } from '../app.ts'
import { UsageError } from '../config.ts'
import { wait } from '../core/clock.ts'
import { MODES, Problems, type Report, readSources, type Source, schemaOf } from '../fixtures/index.ts'
import { ask, reaching } from './client.ts'
import { command, parse, print, voice } from './command.ts'
import { meter } from './meter.ts'

/** `poolhouse seed fixtures.yaml …`: all of what is in these files, in this order, or nothing. */
export async function run(args: string[]): Promise<void> {
  const schema = args.includes('--schema')
  const verb = reaching(command('seed', 'Apply fixtures to a running emulator: all of them or none. What is there already is met again.'))
    .argument(
      schema ? '[file...]' : '<file...>',
      'YAML, JSON, CSV of users, JavaScript modules, folders or patterns like worlds/*.yaml, in this order',
    )
    .option('--dry-run', 'only say what would change')
    .option('--mode <mode>', `what becomes of what is there already: ${MODES.join(', ')}`, 'upsert')
    .option('--seed <text>', 'what modules draw from')
    .option('--baseline', 'what is then there is what a reset goes back to')
    .option('--json', 'print the report as JSON')
    .option('--schema', 'print a JSON Schema of fixtures for editors instead')
  if (!parse(verb, args)) return
  if (schema) {
    if (verb.args.length > 0) throw new UsageError(`--schema is of all fixtures, not of ${verb.args.join(', ')}`)
    return await printSchema()
  }
  const { dryRun = false, baseline = false, mode, seed, json = false } = verb.opts<Options>()
  if (!(MODES as readonly string[]).includes(mode)) throw new UsageError(`--mode must be one of ${MODES.join(', ')}`)
  const sources = await read(verb.args, seed)
  const over = new AbortController()
  const watching = watch(verb, over.signal)
  try {
    const report = await ask<Report>(verb, 'POST', `/fixtures?dry=${dryRun}&baseline=${baseline}&mode=${mode}`, { sources })
    over.abort()
    await watching
    print(json ? JSON.stringify(report, undefined, 1) : told(report, dryRun))
  } finally {
    over.abort()
  }
}

async function printSchema(): Promise<void> {
  await Promise.all(book.flatMap(({ operations }) => operations.known.map((name) => operations.load(name))))
  print(JSON.stringify(schemaOf(book), undefined, 1))
}

interface Options {
  dryRun?: boolean
  baseline?: boolean
  mode: string
  seed?: string
  json?: boolean
}

const SIGNS = { created: '+', changed: '~', removed: '-' }
const MOST_LINES = 50

/** A line for each change, and what they come to. */
export function told({ changes, created, changed, removed, unchanged }: Report, dryRun: boolean): string {
  const lines = changes.slice(0, MOST_LINES).map(({ what, operation, name, fields }) => {
    const more = fields.length === 0 ? '' : `: ${fields.join('; ')}`
    return `${SIGNS[what]} ${operation} ${name}${more}`
  })
  const total = created + changed + removed
  if (total > lines.length) lines.push(`  and ${total - lines.length} more`)
  const counts = [`${created} created`, `${changed} changed`, ...(removed === 0 ? [] : [`${removed} removed`]), `${unchanged} unchanged`]
  return [...lines, `${counts.join(', ')}${dryRun ? ' (dry run: nothing was done)' : ''}`].join('\n')
}

/** Read here, with the tables that they name: the emulator may run elsewhere. */
async function read(files: readonly string[], seed: string | undefined): Promise<Source[]> {
  const problems = new Problems()
  const sources = await readSources(files, problems, { seed })
  if (problems.any) throw new UsageError(problems.list().join('\n'))
  return sources.map((source) => ({ ...source, attached: tablesOf(source) }))
}

const TABLE = /[^\s"'[\]{},:]+\.csv\b/g

function tablesOf({ file, text }: Source): Record<string, string> {
  const names = [...new Set(text.match(TABLE) ?? [])]
  const found = names.map((name) => [name, resolve(dirname(file), name)] as const).filter(([, path]) => existsSync(path))
  return Object.fromEntries(found.map(([name, path]) => [name, readFileSync(path, 'utf8')]))
}

const ASK_EVERY = 500

/** Shows how far it is, once it takes long. */
async function watch(verb: Command, over: AbortSignal): Promise<void> {
  const show = meter(voice.err, process.stderr.isTTY === true)
  for (;;) {
    await wait(ASK_EVERY, over)
    if (over.aborted) return show.end()
    const { done, total } = await ask<{ done: number; total: number }>(verb, 'GET', '/fixtures/progress').catch(() => ({
      done: 0,
      total: 0,
    }))
    if (total > 0) show.at(done, total)
  }
}

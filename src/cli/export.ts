import { writeFileSync } from 'node:fs'
import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

const FORMATS = ['fixtures', 'data', 'snapshot', 'aws-csv']

/** `poolhouse export [file]` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('export', 'Write all state; it holds hashes of passwords and secrets of clients.'))
  verb
    .argument('[file]', 'where to; without it, to the standard output')
    .option(
      '--format <format>',
      'fixtures (JSON: a fixture that holds all state; data is the same), snapshot (a SQLite file), or aws-csv (the users of a pool, as Cognito imports them)',
      'fixtures',
    )
    .option('--pool <id>', 'the pool, for aws-csv')
  if (!parse(verb, args)) return
  const { format, pool } = verb.opts<{ format: string; pool?: string }>()
  if (!FORMATS.includes(format)) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}`)
  if (format === 'aws-csv' && pool === undefined) throw new UsageError('say which pool: --format aws-csv --pool us-east-1_…')
  if (format !== 'aws-csv' && pool !== undefined) throw new UsageError('--pool goes with --format aws-csv: all others hold everything')
  const [file] = verb.args
  const query = new URLSearchParams({ format, ...(pool === undefined ? {} : { pool }) })
  const answer = await ask<unknown>(verb, 'GET', `/export?${query}`)
  const content = Buffer.isBuffer(answer) ? answer : typeof answer === 'string' ? answer : `${JSON.stringify(answer, undefined, 1)}\n`
  if (file === undefined) {
    if (Buffer.isBuffer(content)) throw new UsageError('a snapshot needs a file to go to: poolhouse export world.sqlite --format snapshot')
    return print(content.replace(/\n$/, ''))
  }
  writeFileSync(file, content, { mode: 0o600 })
  print(`wrote ${file}`)
}

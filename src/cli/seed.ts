import { readFileSync } from 'node:fs'
import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse seed fixtures.yaml …`: all of the calls in these files, in this order, or none. */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('seed', 'Apply fixtures to a running emulator: all of them or none.'))
    .argument('<file...>', 'files of calls, in this order')
    .option('--dry-run', 'only say whether they would be taken')
    .option('--baseline', 'what is then there is what a reset goes back to')
  if (!parse(verb, args)) return
  const { dryRun = false, baseline = false } = verb.opts<{ dryRun?: boolean; baseline?: boolean }>()
  const sources = verb.args.map((file) => ({ file, text: read(file) }))
  const { calls } = await ask<{ calls: number }>(verb, 'POST', `/fixtures?dry=${dryRun}&baseline=${baseline}`, { sources })
  print(`${calls} call${calls === 1 ? '' : 's'} ${dryRun ? 'would be taken' : 'applied'}`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

import { coverage } from '../app.ts'
import { UsageError } from '../config.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse list [vendor]`: from the program itself, no emulator need run. */
export async function run(args: string[]): Promise<void> {
  const verb = command('list', 'Show which operations are implemented.').argument('[vendor]').option('--json', 'as data')
  if (!parse(verb, args)) return
  const [vendor] = verb.args
  const all = coverage()
  const chosen = vendor === undefined ? all : all.filter(({ room }) => room === vendor)
  if (chosen.length === 0) throw new UsageError(`there is no vendor ${vendor}; known are ${all.map(({ room }) => room).join(', ')}`)
  if (verb.opts<{ json?: boolean }>().json === true) return print(JSON.stringify(chosen, undefined, 2))
  for (const { room, known, built, operations } of chosen) {
    print(`${room}: ${built} of ${known}`)
    for (const { name, built } of operations) print(`  ${built ? '+' : '-'} ${name}`)
  }
}

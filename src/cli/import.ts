import { readFileSync } from 'node:fs'
import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse import file` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('import', 'Put what was exported, as data or as a snapshot, in the place of all that is there.')).argument(
    '<file>',
  )
  if (!parse(verb, args)) return
  const [file = ''] = verb.args
  const content = read(file)
  const dump = typeof content === 'object' && content !== null && 'tables' in content
  if (typeof content !== 'string' && !dump)
    throw new UsageError(`${file} is no export of a Poolhouse; a fixture is applied by poolhouse seed ${file}`)
  await ask(verb, 'POST', '/import', content)
  print(`read ${file}`)
}

/** How a SQLite file begins. */
const SNAPSHOT = 'SQLite format 3\0'

function read(file: string): unknown {
  try {
    const content = readFileSync(file)
    return content.subarray(0, SNAPSHOT.length).toString('latin1') === SNAPSHOT
      ? content.toString('base64')
      : JSON.parse(content.toString())
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== undefined) throw error
    throw new UsageError(`${file} is no export of a Poolhouse, nor any JSON: ${message}`)
  }
}

import { readFileSync } from 'node:fs'
import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse import file` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('import', 'Put what was exported in the place of all that is there.')).argument('<file>')
  if (!parse(verb, args)) return
  const [file = ''] = verb.args
  await ask(verb, 'POST', '/import', read(file))
  print(`read ${file}`)
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(`${file} cannot be read: ${code ?? message}`)
  }
}

import { writeFileSync } from 'node:fs'
import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse export [file]` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('export', 'Write all state as data; it holds hashes of passwords and secrets of clients.'))
  verb.argument('[file]', 'where to; without it, to the standard output')
  if (!parse(verb, args)) return
  const [file] = verb.args
  const text = JSON.stringify(await ask(verb, 'GET', '/export'), undefined, 1)
  if (file === undefined) return print(text)
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  print(`wrote ${file}`)
}

import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse reset [--to name]` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('reset', 'Back to the fixtures, clock and chance included.'))
  verb.option('--to <state>', 'baseline, empty, or the name of a snapshot', 'baseline')
  if (!parse(verb, args)) return
  const { to } = verb.opts<{ to: string }>()
  await ask(verb, 'POST', `/reset?to=${encodeURIComponent(to)}`)
  print(`reset to ${to}`)
}

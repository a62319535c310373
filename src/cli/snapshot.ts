import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { actOf, command, parse, print } from './command.ts'

/** `poolhouse snapshot save|load|drop NAME`, `poolhouse snapshot list` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('snapshot', 'Keep what a namespace holds under a name, and bring it back.'))
    .argument('<act>', 'save, load, list or drop')
    .argument('[name]')
  if (!parse(verb, args)) return
  const [act = '', name] = verb.args
  if (act === 'list') {
    if (name !== undefined) throw new UsageError(`snapshot list takes no name, not "${name}"`)
    const all = await ask<{ name: string; size: number }[]>(verb, 'GET', '/snapshots')
    return print(all.length === 0 ? 'no snapshots' : all.map(({ name, size }) => `${name}\t${size} bytes`).join('\n'))
  }
  const [method, tail, done] = (Object.hasOwn(ACTS, act) ? ACTS[act] : undefined) ?? actOf(['save', 'load', 'list', 'drop'], act)
  if (name === undefined) throw new UsageError(`say which: poolhouse snapshot ${act} <name>`)
  await ask(verb, method, `/snapshots/${encodeURIComponent(name)}${tail}`)
  print(`${done} ${name}`)
}

const ACTS: Record<string, [method: string, tail: string, done: string]> = {
  save: ['PUT', '', 'saved'],
  load: ['POST', '/restore', 'loaded'],
  drop: ['DELETE', '', 'dropped'],
}

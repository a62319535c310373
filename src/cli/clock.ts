import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { actOf, command, parse, print } from './command.ts'

interface Shown {
  now: string
  frozen: boolean
  ran?: { at: string; kind: string; key: string }[]
}

const ACTS = ['set', 'advance', 'freeze', 'run', 'real']

/** `poolhouse clock [set TIME|advance SPAN|freeze|run|real]` */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('clock', 'Show, set, stop or advance the time of a namespace.'))
    .argument('[act]', 'set, advance, freeze, run or real')
    .argument('[value]', 'a time like 2026-01-01T00:00:00Z, or a span like 1h30m')
  if (!parse(verb, args)) return
  const [act, value] = verb.args
  const { now, frozen, ran = [] } = await change()
  print(`${now}${frozen ? ' (frozen)' : ''}`)
  for (const { at, kind, key } of ran) print(`  ${at} ${kind} ${key}`)

  function change(): Promise<Shown> {
    const takes = act === 'set' || act === 'advance'
    if (takes && value === undefined) throw new UsageError(`say ${act === 'set' ? 'when' : 'how far'}: poolhouse clock ${act} <value>`)
    if (!takes && value !== undefined && ACTS.includes(String(act))) throw new UsageError(`clock ${act} takes no value, not "${value}"`)
    switch (act) {
      case undefined:
        return ask(verb, 'GET', '/clock')
      case 'set':
        return ask(verb, 'PUT', '/clock', { now: value })
      case 'advance':
        return ask(verb, 'POST', '/clock/advance', { by: value })
      case 'freeze':
      case 'run':
        return ask(verb, 'PUT', '/clock', { frozen: act === 'freeze' })
      case 'real':
        return ask(verb, 'PUT', '/clock', { now: 'real', frozen: false })
      default:
        return actOf(ACTS, act)
    }
  }
}

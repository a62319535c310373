import { Command, CommanderError } from 'commander'
import { UsageError } from '../config.ts'
import { suggestion } from '../core/nearest.ts'

/** A verb's own commander, which neither prints mistakes nor ends the process by itself. */
export function command(name: string, description: string): Command {
  return new Command(`poolhouse ${name}`)
    .description(description)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => voice.out(text) })
    .helpOption('-h, --help', 'show this')
}

/** False if all that was wanted was the help. */
export function parse(command: Command, args: readonly string[]): boolean {
  try {
    command.parse(args, { from: 'user' })
    return true
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return false
    throw new UsageError(`${worded(error, command, args)}; see ${command.name()} --help`)
  }
}

function worded({ code, message }: CommanderError, command: Command, args: readonly string[]): string {
  const said = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')
  if (code !== 'commander.excessArguments') return said
  const many = command.registeredArguments.length
  const extra = args.filter((arg) => !arg.startsWith('-') && command.args.indexOf(arg) >= many)
  return `nothing is to be done with ${extra.length === 0 ? 'so many arguments' : extra.map((arg) => JSON.stringify(arg)).join(', ')}`
}

/** What does one of several things: which, or what was meant. */
export function actOf(acts: readonly string[], act: string): never {
  throw new UsageError(`"${act}" is none of ${acts.join(', ')}${suggestion(act, acts)}`)
}

/** Where verbs speak. */
export const voice = {
  out: (text: string): void => {
    process.stdout.write(text)
  },
  err: (text: string): void => {
    process.stderr.write(text)
  },
}

export function print(text: string): void {
  voice.out(`${text}\n`)
}

export function complain(text: string): void {
  voice.err(`poolhouse: ${text}\n`)
}

import { Command, CommanderError } from 'commander'
import { UsageError } from '../config.ts'

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
    throw new UsageError(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
  }
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

import { UsageError } from '../config.ts'
import { suggestion } from '../core/nearest.ts'
import { version } from '../version.ts'
import { complain, print } from './command.ts'

interface Verb {
  describe: string
  /** Loaded when it is asked for: no verb pays for another. */
  load: () => Promise<{ run: (args: string[]) => Promise<void> }>
}

export const VERBS: Record<string, Verb> = {
  start: { describe: 'start the emulator (what `poolhouse` alone does)', load: () => import('./start.ts') },
  exec: { describe: 'run a command with an emulator of its own', load: () => import('./exec.ts') },
  contract: { describe: 'how calls used the contracts; whether vendors changed theirs', load: () => import('./contract.ts') },
  env: { describe: 'print the variables that send clients here', load: () => import('./env.ts') },
  seed: { describe: 'apply fixtures to a running emulator', load: () => import('./seed.ts') },
  reset: { describe: 'back to the fixtures', load: () => import('./reset.ts') },
  snapshot: { describe: 'save, load, list or drop states by name', load: () => import('./snapshot.ts') },
  export: { describe: 'write all state as data', load: () => import('./export.ts') },
  import: { describe: 'read what was exported', load: () => import('./import.ts') },
  codes: { describe: 'show codes and passwords that were sent', load: () => import('./codes.ts') },
  clock: { describe: 'show, set, stop or advance the time', load: () => import('./clock.ts') },
  token: { describe: 'mint, inspect, expire tokens; claims for the next', load: () => import('./token.ts') },
  list: { describe: 'show what is implemented', load: () => import('./list.ts') },
  config: { describe: 'show the settings and where each comes from', load: () => import('./config.ts') },
  doctor: { describe: 'look for what could be in the way', load: () => import('./doctor.ts') },
  completion: { describe: 'print completion for bash, zsh or fish', load: () => import('./completion.ts') },
}

/** Runs the verb that these arguments name; a mistake in them is one sentence and exit code 2. */
export async function run(args: string[]): Promise<void> {
  const [first] = args
  // Whoever reads has read enough.
  if (process.stdout.listenerCount('error') === 0) {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  }
  try {
    if (first === '--version' || first === '-V') return print(version)
    if (first === 'help' && args[1] !== undefined) return await run([...args.slice(1), '--help'])
    if (first === '--help' || first === '-h' || first === 'help') return print(help())
    const named = first !== undefined && !first.startsWith('-')
    const name = named ? first : 'start'
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
    if (verb === undefined) throw new UsageError(`there is no "${name}"${suggestion(name, Object.keys(VERBS))}; see poolhouse --help`)
    const { run: act } = await verb.load()
    await act(named ? args.slice(1) : args)
  } catch (error) {
    complain(sentence(error))
    process.exitCode = 2
  }
}

function help(): string {
  const verbs = Object.entries(VERBS).map(([name, { describe }]) => `  ${name.padEnd(12)}${describe}`)
  return [
    'poolhouse: a local emulator of Amazon Cognito user pools, Yandex Identity Hub and LINQ Harmony Auth',
    '',
    'Usage: poolhouse [verb] [options]',
    '',
    ...verbs,
    '',
    '`poolhouse <verb> --help` says more.',
  ].join('\n')
}

/** What is a mistake of the user is said in a sentence; anything else is ours and comes with its stack. */
function sentence(error: unknown): string {
  if (error instanceof UsageError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'ERR_DLOPEN_FAILED') {
    return `better-sqlite3 was built for another Node than ${process.versions.node}; run npm rebuild better-sqlite3`
  }
  return unfiled(error as NodeJS.ErrnoException) ?? stack ?? message
}

const UNFILED: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be touched',
  EPERM: 'it may not be touched',
  EROFS: 'nothing can be written there',
  ENOSPC: 'there is no room left',
}

/** A file that the user named and that cannot be had. */
function unfiled({ code = '', path, syscall }: NodeJS.ErrnoException): string | undefined {
  const words = path === undefined || syscall === 'spawn' ? undefined : UNFILED[code]
  return words === undefined ? undefined : `${path}: ${words}`
}

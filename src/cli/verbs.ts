import { UsageError } from '../config.ts'
import { suggestion } from '../core/nearest.ts'
import { version } from '../version.ts'

interface Verb {
  describe: string
  /** Loaded when it is asked for: no verb pays for another. */
  load: () => Promise<{ run: (args: string[]) => Promise<void> }>
}

const VERBS: Record<string, Verb> = {
  start: { describe: 'start the emulator (what `poolhouse` alone does)', load: () => import('./start.ts') },
}

/** Runs the verb that these arguments name; a mistake in them is one sentence and exit code 2. */
export async function run(args: string[]): Promise<void> {
  const [first] = args
  try {
    if (first === '--version' || first === '-V') return print(version)
    if (first === '--help' || first === '-h' || first === 'help') return print(help())
    const named = first !== undefined && !first.startsWith('-')
    const verb = Object.hasOwn(VERBS, named ? first : 'start') ? VERBS[named ? first : 'start'] : undefined
    if (verb === undefined)
      throw new UsageError(`there is no "${first}"${suggestion(first ?? '', Object.keys(VERBS))}; see poolhouse --help`)
    const { run } = await verb.load()
    await run(named ? args.slice(1) : args)
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    process.exitCode = 2
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
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
  if (error instanceof UsageError) return `poolhouse: ${error.message}`
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'ERR_DLOPEN_FAILED') {
    return `poolhouse: better-sqlite3 was built for another Node than ${process.versions.node}; run npm rebuild better-sqlite3`
  }
  return `poolhouse: ${stack ?? message}`
}

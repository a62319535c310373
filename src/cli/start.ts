import closeWithGrace from 'close-with-grace'
import { Command, CommanderError } from 'commander'
import { roomOptions } from '../app.ts'
import {
  type Decided,
  decide,
  fromDocument,
  fromEnvironment,
  fromFlags,
  kebab,
  readDocument,
  refuseSilentExposure,
  settings,
  UsageError,
} from '../config.ts'
import { launch } from '../launch.ts'
import { banner } from './banner.ts'
import { createLog, logCalls } from './log.ts'

/** `poolhouse start`: reads its configuration, starts, says where, and stops with grace. */
export async function run(args: string[]): Promise<void> {
  const decided = await configure(args)
  if (decided === undefined) return
  const { config } = decided
  const running = await launch(config)
  const log = await createLog(config.logLevel)
  logCalls(log, running.app.emulator)

  if (!config.quiet) process.stdout.write(banner(running, config))
  process.stdout.write(`poolhouse ready ${running.url}\n`)

  closeWithGrace({ delay: STOP_MS, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) log.error({ err }, 'stopping after an error')
    else if (signal !== undefined) log.debug(`stopping on ${signal}`)
    await running.app.close()
  })
}

const STOP_MS = 2000

/** Arguments, environment and file as one Config; nothing if all that was wanted was the help. */
export async function configure(args: string[], env = process.env, folder = process.cwd()): Promise<Decided | undefined> {
  const known = settings(roomOptions)
  const command = new Command('poolhouse start').description('Start the emulator.').exitOverride().allowExcessArguments(false)
  command.configureOutput({ writeErr: () => undefined })
  command.helpOption('-h, --help', 'show this').option('--config <file>', 'a config file by another name than poolhouse.config.yaml')
  for (const { key, value, describe, fallback } of known) {
    const shown = fallback === undefined || fallback === false || (Array.isArray(fallback) && fallback.length === 0)
    const flag = value === undefined ? `--${kebab(key)}` : `--${kebab(key)} ${value}`
    command.option(flag, shown ? describe : `${describe} (default: ${fallback})`)
  }
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw new UsageError(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
  }
  const { config: asked, ...given } = command.opts<Record<string, unknown> & { config?: string }>()
  const found = await readDocument(folder, asked ?? env.POOLHOUSE_CONFIG)
  const decided = decide(known, [
    fromFlags(given),
    fromEnvironment(known, env),
    ...(found === undefined ? [] : [fromDocument(known, found.document, found.file)]),
  ])
  refuseSilentExposure(decided)
  return decided
}

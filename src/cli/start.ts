import closeWithGrace from 'close-with-grace'
import { launch } from '../launch.ts'
import { exportAtEnd, refuseLostExport, watchFixtures } from '../watch.ts'
import { banner, ready } from './banner.ts'
import { command, complain, voice } from './command.ts'
import { configurable, configure } from './configure.ts'
import { createLog, logCalls, logMessages } from './log.ts'
import { meter } from './meter.ts'

/** `poolhouse start`: reads its configuration, starts, says where, and stops with grace. */
export async function run(args: string[]): Promise<void> {
  const decided = await configure(configurable(command('start', 'Start the emulator.')), args)
  if (decided === undefined) return
  const { config } = decided
  refuseLostExport(config)
  const show = meter(voice.err, process.stderr.isTTY === true)
  const running = await launch(config, (done, total) => show.at(done, total)).finally(() => show.end())
  const log = await createLog(config.logLevel)
  logCalls(log, running.app, config)
  logMessages(log, running.app)

  const unwatch = config.watch ? watchFixtures(config, running.app, log) : () => undefined

  closeWithGrace({ delay: STOP_MS, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) log.error({ err }, 'stopping after an error')
    else if (signal !== undefined) log.debug(`stopping on ${signal}`)
    unwatch()
    try {
      exportAtEnd(config, running.app)
    } catch (error) {
      complain(`nothing was exported: ${(error as Error).message}`)
      throw error
    } finally {
      await running.app.close()
    }
  })

  // Last: whoever waits for this line may change a fixture or send a signal at once.
  if (config.json) process.stdout.write(`${JSON.stringify(ready(running))}\n`)
  else {
    if (!config.quiet) process.stdout.write(banner(running, config))
    process.stdout.write(`poolhouse ready ${running.url}\n`)
  }
}

const STOP_MS = 2000

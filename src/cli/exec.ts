import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../config.ts'
import type { ContractReport } from '../contract/report/document.ts'
import { thresholdsOf } from '../contract/report/limits.ts'
import { FILES, FORMATS, render } from '../contract/report/render.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { environment } from '../environment.ts'
import { launch, type Running } from '../launch.ts'
import { exportAtEnd, refuseLostExport, watchFixtures } from '../watch.ts'
import { command, complain, print } from './command.ts'
import { configurable, configure } from './configure.ts'
import { LIMITS, limited, limitsOf, VIOLATED } from './limits.ts'
import { createLog, logCalls } from './log.ts'

/** It lives in memory, at free ports, and speaks of failures only, unless told otherwise. */
const STANDARD = { POOLHOUSE_PORT: '0', POOLHOUSE_TLS_PORT: '0', POOLHOUSE_MEMORY: 'true', POOLHOUSE_LOG_LEVEL: 'error' }

/** `poolhouse exec -- npm test`: an emulator for the time of one command, whose exit code is passed on. */
export async function run(args: string[]): Promise<void> {
  const end = args.indexOf('--')
  const [own, line] = end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
  const verb = limited(
    configurable(command('exec', 'Run a command with an emulator of its own: poolhouse exec [options] -- npm test')).option(
      '--report <folder>',
      `write how contracts were used, as ${FORMATS.map((format) => FILES[format].file).join(', ')}`,
    ),
  ).usage('[options] -- <command>')
  verb.addHelpText('after', '\nUnless told otherwise: in memory, at free ports, and with a log of failures only.')
  const decided = await configure(verb, own, ['report', ...LIMITS], { ...STANDARD, ...process.env })
  if (decided === undefined) return
  const [program, ...rest] = line
  if (program === undefined) throw new UsageError('say what to run behind --: poolhouse exec -- npm test')
  const { onUnhandled } = decided.config
  const limits = { ...limitsOf(verb) }
  if (onUnhandled === 'error') limits.maxUnhandled ??= 0

  refuseLostExport(decided.config)
  const running = await launch(decided.config)
  const { app, url } = running
  const log = await createLog(decided.config.logLevel, 2)
  logCalls(log, app, { onUnhandled })
  const unwatch = decided.config.watch ? watchFixtures(decided.config, app, log) : () => undefined
  try {
    const code = await runProgram(program, rest, { ...process.env, ...variables(running) })
    const bare = app.usage.report(url)
    const report = { ...bare, thresholds: thresholdsOf(bare, limits) }
    write(report, verb.opts<{ report?: string }>().report)
    const failed = report.thresholds.filter(({ passed }) => !passed)
    for (const { message } of failed) complain(message)
    process.exitCode = code === 0 && failed.length > 0 ? VIOLATED : code
  } finally {
    unwatch()
    try {
      exportAtEnd(decided.config, app)
    } finally {
      await app.close()
    }
  }
}

/** What sends the command's clients here, whoever made them, and has them trust the development authority. */
function variables({ url, tls }: Running): Record<string, string> {
  const caFile = tls?.caFile
  const yandex = new URL(tls?.url ?? url).host
  return {
    ...environment({ url, namespace: DEFAULT_NAMESPACE, caFile, secureUrl: tls?.url }),
    AWS_ENDPOINT_URL: url,
    POOLHOUSE_YANDEX_ENDPOINT: yandex,
    POOLHOUSE_HARMONY_URL: `${url}/harmony`,
    ...(tls === undefined ? {} : { POOLHOUSE_TLS_URL: tls.url }),
  }
}

function write(report: ContractReport, folder: string | undefined): void {
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true })
    for (const format of FORMATS) writeFileSync(join(folder, FILES[format].file), render(report, format))
  }
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env
  if (GITHUB_ACTIONS !== 'true') return
  if (GITHUB_STEP_SUMMARY !== undefined) appendFileSync(GITHUB_STEP_SUMMARY, render(report, 'md'))
  for (const { vendor, message } of report.violations) print(`::warning title=${vendor} contract::${annotation(message)}`)
  for (const { passed, message } of report.thresholds ?? []) if (!passed) print(`::error title=poolhouse::${annotation(message)}`)
}

function annotation(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The exit code, 128 and more for the signal that ended it, 127 if there is no such program. Signals to us are passed on. */
function runProgram(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env, shell: process.platform === 'win32' })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, pass)
    const end = (code: number) => {
      for (const signal of signals) process.off(signal, pass)
      resolve(code)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      complain(error.code === 'ENOENT' ? `there is no program ${program}` : error.message)
      end(127)
    })
    child.once('exit', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

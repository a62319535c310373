import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../config.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { environment } from '../environment.ts'
import { launch } from '../launch.ts'
import { command, complain } from './command.ts'
import { configurable, configure } from './configure.ts'
import { createLog, logCalls } from './log.ts'
import { type Limits, Report } from './report.ts'

/** What exec says when the command did well and its use of the contracts did not. */
const VIOLATED = 3

const OWN = ['report', 'maxUnhandled', 'minOperations', 'requireOp']

/** `poolhouse exec -- npm test`: an emulator for the time of one command, whose exit code is passed on. */
export async function run(args: string[]): Promise<void> {
  const end = args.indexOf('--')
  const [own, line] = end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
  const verb = configurable(command('exec', 'Run a command with an emulator of its own: poolhouse exec [options] -- npm test'))
    .option('--report <folder>', 'write which operations were used to report.json and junit.xml')
    .option('--max-unhandled <number>', 'exit with 3 if more calls than this were handled by nobody')
    .option('--min-operations <number>', 'exit with 3 if fewer operations than this were used')
    .option('--require-op <operation...>', 'exit with 3 if one of these was not used: cognito.InitiateAuth')
  // It lives in memory, at a free port, and speaks of failures only, unless told otherwise.
  const decided = await configure(verb, own, OWN, {
    POOLHOUSE_PORT: '0',
    POOLHOUSE_MEMORY: 'true',
    POOLHOUSE_LOG_LEVEL: 'error',
    ...process.env,
  })
  if (decided === undefined) return
  const [program, ...rest] = line
  if (program === undefined) throw new UsageError('say what to run behind --: poolhouse exec -- npm test')
  const { report: folder, ...asked } = verb.opts<{ report?: string; maxUnhandled?: string; minOperations?: string; requireOp?: string[] }>()
  const limits = limitsOf(asked)

  const { app, url, tls } = await launch(decided.config)
  const report = new Report(app.emulator)
  logCalls(await createLog(decided.config.logLevel, 2), app.emulator)
  try {
    const env = environment({ url, namespace: DEFAULT_NAMESPACE, caFile: tls?.caFile })
    const code = await runProgram(program, rest, { ...process.env, ...env })
    const problems = report.violations(limits)
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report.document(problems), undefined, 2)}\n`)
      writeFileSync(join(folder, 'junit.xml'), report.junit(problems))
    }
    for (const problem of problems) complain(problem)
    process.exitCode = code === 0 && problems.length > 0 ? VIOLATED : code
  } finally {
    await app.close()
  }
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

function limitsOf(asked: { maxUnhandled?: string; minOperations?: string; requireOp?: string[] }): Limits {
  const whole = (name: string, text: string | undefined) => {
    if (text !== undefined && !/^\d+$/.test(text)) throw new UsageError(`--${name} must be a whole number, not "${text}"`)
    return text === undefined ? undefined : Number(text)
  }
  return {
    maxUnhandled: whole('max-unhandled', asked.maxUnhandled),
    minOperations: whole('min-operations', asked.minOperations),
    required: asked.requireOp ?? [],
  }
}

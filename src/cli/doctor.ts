import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../config.ts'
import { command, print } from './command.ts'
import { configurable, configure } from './configure.ts'

interface Finding {
  what: string
  level: 'ok' | 'warn' | 'bad'
  advice?: string
}

/** `poolhouse doctor`: what on this machine could be in the way; exit code 1 if something is. */
export async function run(args: string[]): Promise<void> {
  const decided = await configure(configurable(command('doctor', 'Look for what could be in the way of `poolhouse start`.')), args)
  if (decided === undefined) return
  const { host, port, data, memory } = decided.config
  const findings = [
    node(),
    sqlite(),
    await portOf(host, port),
    ...(memory ? [] : [folder(data)]),
    ...proxies(process.env),
    ...credentials(process.env),
  ]
  for (const { what, level, advice } of findings) print(`${level.padEnd(5)}${what}${advice === undefined ? '' : `: ${advice}`}`)
  if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1
}

function node(): Finding {
  return { what: `Node ${process.versions.node}`, level: 'ok' }
}

function sqlite(): Finding {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3') as new (
      path: string,
    ) => {
      prepare(sql: string): { get(): { v: string } }
      close(): void
    }
    const db = new Database(':memory:')
    const { v } = db.prepare('SELECT sqlite_version() AS v').get()
    db.close()
    return { what: `SQLite ${v}`, level: 'ok' }
  } catch (error) {
    return {
      what: 'SQLite does not load',
      level: 'bad',
      advice: `npm rebuild better-sqlite3 (${(error as Error).message.split('\n', 1)[0]})`,
    }
  }
}

async function portOf(host: string, port: number): Promise<Finding> {
  if (port === 0) return { what: 'port 0: a free one is taken', level: 'ok' }
  const taken = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port, timeout: 1000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
  if (!taken) return { what: `port ${port} is free`, level: 'ok' }
  const version = await fetch(`http://${host}:${port}/_/info`, { signal: AbortSignal.timeout(1000) })
    .then((answer) => answer.json() as Promise<{ name?: string; version?: string }>)
    .then(({ name, version }) => (name === 'poolhouse' ? version : undefined))
    .catch(() => undefined)
  if (version !== undefined)
    return { what: `Poolhouse ${version} answers at port ${port}`, level: 'warn', advice: 'a second one needs another --port' }
  return { what: `port ${port} is taken by another program`, level: 'bad', advice: 'choose another with --port' }
}

function folder(data: string): Finding {
  let there = resolve(data)
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  try {
    accessSync(there, constants.W_OK)
    return { what: `data folder ${data} can be written`, level: 'ok' }
  } catch {
    return { what: `data folder ${data} cannot be written`, level: 'bad', advice: 'choose another with --data, or use --memory' }
  }
}

function proxies(env: NodeJS.ProcessEnv): Finding[] {
  const set = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].filter((name) => (env[name] ?? '') !== '')
  const excepted = `${env.NO_PROXY ?? ''},${env.no_proxy ?? ''}`
  if (set.length === 0 || /127\.0\.0\.1|localhost|\*/.test(excepted)) return []
  return [{ what: `${set.join(' and ')} may catch calls to this machine`, level: 'warn', advice: 'set NO_PROXY=127.0.0.1,localhost' }]
}

function credentials(env: NodeJS.ProcessEnv): Finding[] {
  const findings: Finding[] = []
  if (/^A[KS]IA/.test(env.AWS_ACCESS_KEY_ID ?? '')) {
    const advice = 'use those of `poolhouse env`, so that a call which misses the emulator cannot do harm'
    findings.push({ what: 'AWS_ACCESS_KEY_ID looks like a real one', level: 'warn', advice })
  }
  if ((env.AWS_PROFILE ?? '') !== '')
    findings.push({ what: `AWS_PROFILE is ${env.AWS_PROFILE}`, level: 'warn', advice: 'clients may take its endpoint and keys' })
  const endpoint = env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER ?? env.AWS_ENDPOINT_URL
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new UsageError(`AWS_ENDPOINT_URL is no URL: ${endpoint}`)
  return findings
}

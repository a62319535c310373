import { X509Certificate } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../config.ts'
import { wallClock } from '../core/clock.ts'
import { Sqlite } from '../core/sqlite.ts'
import { TRUST } from '../environment.ts'
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
  const { host, port, data, memory, tls, tlsFolder } = decided.config
  const findings = [
    node(),
    sqlite(),
    await portOf(host, port),
    ...(memory ? [] : [folder(data)]),
    ...proxies(process.env),
    ...credentials(process.env),
    ...foreign(process.env),
    ...authority(join(tlsFolder, 'ca.pem'), tls, process.env),
    ...(await running(host, port)),
  ]
  for (const { what, level, advice } of findings) print(`${level.padEnd(5)}${what}${advice === undefined ? '' : `: ${advice}`}`)
  if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1
}

function node(): Finding {
  return { what: `Node ${process.versions.node}`, level: 'ok' }
}

function sqlite(): Finding {
  try {
    const db = new Sqlite(':memory:')
    const { v } = db.prepare('SELECT sqlite_version() AS v').get() as { v: string }
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

/** Names that other emulators and older guides go by, which none of the clients here reads. */
const FOREIGN: Record<string, string> = {
  AWS_ENDPOINT_URL_COGNITO_IDP: 'AWS SDKs read AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  COGNITO_ENDPOINT: 'AWS SDKs read AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  COGNITO_LOCAL_ENDPOINT: 'AWS SDKs read AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  LOCALSTACK_HOST: 'this is no LocalStack: see poolhouse env',
  YC_IAM_ENDPOINT: 'clients of Yandex read YC_ENDPOINT',
}

function foreign(env: NodeJS.ProcessEnv): Finding[] {
  const set = Object.entries(FOREIGN).filter(([name]) => (env[name] ?? '') !== '')
  return set.map(([name, advice]): Finding => ({ what: `${name} has no effect`, level: 'warn', advice }))
}

const DAY = 86_400_000

/** Whether the development authority lasts, and whether anything in this shell trusts it. */
function authority(file: string, tls: boolean, env: NodeJS.ProcessEnv): Finding[] {
  if (!existsSync(file)) return tls ? [{ what: 'the development authority is made at the first start with --tls', level: 'ok' }] : []
  const ends = endOf(file)
  if (ends === undefined) {
    return [{ what: `${file} is no certificate`, level: 'bad', advice: 'remove its folder: the next start with --tls makes another' }]
  }
  const days = Math.floor((ends - wallClock()) / DAY)
  const trusting = TRUST.filter((name) => env[name] === file)
  const anew = 'a start with --tls makes another, to be trusted anew'
  const age: Finding =
    days < 0
      ? { what: 'the development authority has expired', level: 'warn', advice: anew }
      : { what: `the development authority lasts ${days} more days`, ...(days > 30 ? { level: 'ok' } : { level: 'warn', advice: anew }) }
  if (trusting.length > 0) return [age, { what: `it is trusted by ${trusting.join(', ')}`, level: 'ok' }]
  return [
    age,
    {
      what: 'nothing in this shell trusts it',
      level: tls ? 'warn' : 'ok',
      advice: `export NODE_EXTRA_CA_CERTS=${file} and the like: poolhouse env`,
    },
  ]
}

function endOf(file: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(readFileSync(file)).validTo)
  } catch {
    return undefined
  }
}

/** What may surprise in one that runs: its clock, and tokens that name another address than the one they are used at. */
async function running(host: string, port: number): Promise<Finding[]> {
  const ask = async <T>(path: string): Promise<T | undefined> =>
    await fetch(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/_${path}`, { signal: AbortSignal.timeout(1000) })
      .then((answer) => (answer.ok ? (answer.json() as Promise<T>) : undefined))
      .catch(() => undefined)
  const info = port === 0 ? undefined : await ask<{ name?: string; publicUrl?: string; issuers?: string[] }>('/info')
  if (info?.name !== 'poolhouse') return []
  const findings: Finding[] = []
  const clock = await ask<{ now: string; frozen: boolean; offset: number }>('/clock')
  if (clock !== undefined && (clock.frozen || Math.abs(clock.offset) > 60_000)) {
    const what = `its clock shows ${clock.now}${clock.frozen ? ' and stands still' : ''}, ${Math.round(clock.offset / 1000)} s off this machine's`
    findings.push({ what, level: 'warn', advice: 'verifiers outside go by their own clock: poolhouse clock real' })
  }
  const bases = [...new Set((info.issuers ?? []).map((issuer) => issuer.replace(/\/[^/]*$/, '').replace(/\/~[^/]*$/, '')))]
  if (bases.length > 1 && info.publicUrl === undefined) {
    const advice = 'verifiers that know one of them refuse the others; start with --public-url'
    findings.push({ what: `its tokens name several addresses: ${bases.join(', ')}`, level: 'warn', advice })
  }
  return findings
}

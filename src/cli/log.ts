import { type Logger, pino } from 'pino'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import type { Entry } from '../core/journal.ts'

/** One line per call: readable on a terminal, JSON elsewhere. */
export async function createLog(level: string, to: 1 | 2 = 1): Promise<Logger> {
  const base = { level, base: null }
  const stream = to === 1 ? process.stdout : process.stderr
  if (!stream.isTTY) return pino({ ...base, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: to, sync: true }))
  const { default: pretty } = await import('pino-pretty')
  return pino(base, pretty({ destination: to, sync: true, hideObject: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' }))
}

/** Messages with their codes, which is what one looks for in a log; and what became of those that were copied. */
export function logMessages(log: Logger, { emulator, relay }: Pick<App, 'emulator' | 'relay'>): void {
  emulator.listenToOutbox(({ id, channel, to, template, code: told, link, username }, namespace) => {
    // A temporary password is none: it is in the outbox and in no log.
    const code = told !== undefined && /^\d+$/.test(told) ? told : undefined
    const facts = { message: id, channel, to, template, namespace, ...(username === undefined ? {} : { username }), code, link }
    const shown = code === undefined ? '' : ` code=${code}`
    log.info(facts, `${where(namespace)}outbox ${channel} ${to} ${template}${shown}${link === undefined ? '' : ` ${link}`}`)
  })
  relay?.listen(({ namespace, message: { id, to }, error }) => {
    if (error === undefined) log.debug({ message: id, to, namespace }, `${where(namespace)}smtp ${to} copied`)
    else log.warn({ message: id, to, namespace, error }, `${where(namespace)}smtp ${to} not copied: ${error}`)
  })
}

function where(namespace: string): string {
  return namespace === DEFAULT_NAMESPACE ? '' : `~${namespace} `
}

const LEVELS: Partial<Record<Entry['outcome'], 'error' | 'warn'>> = { failed: 'error' }

/** Which pool and which client a call names: no secrets, and what one looks for. */
function placesIn(input: unknown): { pool?: string; client?: string } {
  if (typeof input !== 'object' || input === null) return {}
  const found: { pool?: string; client?: string } = {}
  for (const [name, value] of Object.entries(input)) {
    if (typeof value !== 'string') continue
    if (/^user_?pool_?id$/i.test(name)) found.pool = value
    if (/^client_?id$/i.test(name)) found.client = value
  }
  return found
}

export function logCalls(log: Logger, { emulator, statusOf, hearWarnings }: App, { onUnhandled }: Pick<Config, 'onUnhandled'>): void {
  hearWarnings((text) => log.warn(text))
  emulator.listen((entry, namespace) => {
    const level = entry.outcome === 'unhandled' ? onUnhandled : (LEVELS[entry.outcome] ?? 'info')
    if (!log.isLevelEnabled(level)) return
    const facts = {
      room: entry.room,
      operation: entry.operation,
      outcome: entry.outcome,
      status: statusOf(entry),
      ...placesIn(entry.input),
      ...(entry.error === undefined ? {} : { error: entry.error.name }),
      ms: Math.round(entry.duration),
      namespace,
      requestId: entry.requestId,
      transport: entry.transport,
      ...entry.notes,
    }
    log[level](facts, line(entry, namespace, statusOf(entry)))
  })
}

/** `cognito InitiateAuth 200 12ms pool=us-east-1_x client=abc → SMS_MFA`, or with the reason of a refusal. Inputs are never printed. */
function line({ room, operation, outcome, error, duration, input, notes, fault }: Entry, namespace: string, status: number): string {
  const facts = Object.entries({ ...placesIn(input), ...notes }).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const said =
    error === undefined ? outcome : outcome === 'failed' ? `failed: ${error.stack ?? error.message}` : `${error.name}: ${error.message}`
  if (fault !== undefined) facts.push(`fault=${fault}`)
  return [`${where(namespace)}${room} ${operation}`, String(status), `${Math.round(duration)}ms`, ...facts, said].join(' ')
}

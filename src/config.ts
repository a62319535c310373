import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse as parseYaml } from 'yaml'
import { suggestion } from './core/nearest.ts'
import type { RoomOption } from './core/settings.ts'
import { CONTRACT_MODES, type ContractMode } from './core/violations.ts'
import {
  boolean,
  code,
  codes,
  describing,
  fail,
  Invalid,
  instant,
  listOf,
  mailServer,
  oneOf,
  type Parser,
  rates,
  schemaOf,
  size,
  span,
  text,
  url,
  urls,
  whole,
} from './setting-values.ts'

/** How the emulator is started: flags over `POOLHOUSE_*` over the config file over defaults, decided once and never changed. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly data: string
  readonly memory: boolean
  readonly fixtures: readonly string[]
  readonly watch: boolean
  readonly exportOnExit: string | undefined
  readonly empty: boolean
  readonly bcryptCost: number
  readonly seed: string | undefined
  /** Fixed one-time codes by address, `*` for all others. */
  readonly codes: Readonly<Record<string, string>>
  readonly code: string | undefined
  /** How often calls may be made, by operation or vendor. */
  readonly limits: Readonly<Record<string, string>>
  readonly allowFaultHeader: boolean
  readonly onUnhandled: 'warn' | 'error'
  /** How many calls the journal of each namespace keeps. */
  readonly journal: number
  /** How many messages each outbox keeps. */
  readonly outbox: number
  /** A file of private keys (JWKS) that tokens are signed with. */
  readonly keys: string | undefined
  readonly freshKeys: boolean
  /** Where mails are copied to, and to whom they may go. */
  readonly smtp: string | undefined
  readonly smtpAllow: readonly string[]
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly durable: boolean
  readonly publicUrl: string | undefined
  readonly issuerAliases: readonly string[]
  readonly strict: boolean
  readonly contract: ContractMode
  readonly quiet: boolean
  readonly json: boolean
  readonly namespaces: 'auto' | 'created'
  readonly mostNamespaces: number
  readonly namespaceIdle: number | undefined
  readonly clock: number | undefined
  readonly frozen: boolean
  readonly tls: boolean
  readonly tlsPort: number
  readonly tlsFolder: string
  readonly tlsNames: readonly string[]
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A mistake of whoever starts the emulator, in one sentence for them: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** One thing that can be configured, by whatever way. */
export interface Setting {
  /** As in `Config` and in the config file; the flag and the variable follow from it. */
  key: string
  /** What stands after the flag; absent for a flag that stands alone. */
  value?: string
  describe: string
  fallback?: unknown
  parse: Parser
  /** The flag that says `false`, where there is one: `no-journal`. */
  negative?: string
  room?: string
  roomKey?: string
}

export const DEFAULT_PORT = 7665
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** One for all projects of a user, so that their clients need be told to trust it only once. */
const TLS_FOLDER = join(homedir(), '.poolhouse', 'tls')

const SETTINGS: readonly Setting[] = [
  { key: 'host', value: '<address>', describe: 'address to listen on', fallback: '127.0.0.1', parse: text },
  { key: 'port', value: '<number>', describe: 'port to listen on, 0 for a free one', fallback: DEFAULT_PORT, parse: whole(0, 65535) },
  { key: 'data', value: '<folder>', describe: 'where state is kept', fallback: 'data', parse: text },
  { key: 'memory', describe: 'keep state in memory only', fallback: false, parse: boolean },
  {
    key: 'fixtures',
    value: '<file...>',
    describe: 'worlds to start from, in this order, instead of the demo: files, folders, patterns like worlds/*.yaml',
    fallback: [],
    parse: listOf('file'),
  },
  { key: 'watch', describe: 'apply the fixtures again when their files change', fallback: false, parse: boolean },
  { key: 'exportOnExit', value: '<file>', describe: 'write all state there as data when stopping', parse: text },
  { key: 'empty', describe: 'start without the demo world', fallback: false, parse: boolean },
  { key: 'bcryptCost', value: '<4..31>', describe: 'cost of hashing a password', fallback: 4, parse: whole(4, 31) },
  { key: 'seed', value: '<text>', describe: 'draw ids, codes and secrets from this seed', parse: text },
  {
    key: 'codes',
    value: '<code>',
    describe: 'fixed one-time codes: one for all, or by address like +15550100=123456; in the config file, a map',
    fallback: {},
    parse: codes,
  },
  { key: 'code', value: '<code>', describe: 'a fixed one-time code for whoever --codes does not name', parse: code },
  {
    key: 'limits',
    value: '<rates>',
    describe: 'how often calls may be made: InitiateAuth=5/s,yandex=100/1m; in the config file, a map',
    fallback: {},
    parse: rates,
  },
  {
    key: 'allowFaultHeader',
    describe: 'let a request order its own fault by the header x-poolhouse-fault',
    fallback: false,
    parse: boolean,
  },
  {
    key: 'onUnhandled',
    value: '<warn|error>',
    describe: 'what becomes of calls that nobody handles: a warning, or an error and exit code 3 of `poolhouse exec`',
    fallback: 'warn',
    parse: oneOf(['warn', 'error']),
  },
  {
    key: 'journal',
    value: '<number>',
    negative: 'no-journal',
    describe: 'how many calls the journal keeps',
    fallback: 1000,
    parse: size,
  },
  {
    key: 'outbox',
    value: '<number>',
    describe: 'how many messages the outbox of each namespace keeps',
    fallback: 10_000,
    parse: whole(1, 1_000_000),
  },
  { key: 'keys', value: '<file>', describe: 'private RSA keys (JWKS) to sign tokens with, instead of the development keys', parse: text },
  { key: 'freshKeys', describe: 'sign tokens with keys made at this start', fallback: false, parse: boolean },
  { key: 'logLevel', value: '<level>', describe: LOG_LEVELS.join(', '), fallback: 'info', parse: oneOf(LOG_LEVELS) },
  { key: 'durable', describe: 'wait for the disk at each write, against power cuts', fallback: false, parse: boolean },
  { key: 'smtp', value: '<url>', describe: 'copy mails to this server, like smtp://localhost:1025 of Mailpit', parse: mailServer },
  {
    key: 'smtpAllow',
    value: '<address...>',
    describe: 'the only recipients that mails are copied for: ann@example.com, *@example.com',
    fallback: [],
    parse: listOf('address'),
  },
  { key: 'publicUrl', value: '<url>', describe: 'base URL that issuers and links name, if not the one called', parse: url },
  {
    key: 'issuerAliases',
    value: '<url...>',
    describe: 'other base URLs that it is known by, from inside a container or a browser: tokens may name them as their issuer',
    fallback: [],
    parse: urls,
  },
  {
    key: 'contract',
    value: '<off|warn|strict>',
    describe: 'what vendors tolerate and their contracts do not list is taken silently, noted, or refused',
    fallback: 'warn',
    parse: oneOf(CONTRACT_MODES),
  },
  { key: 'strict', describe: 'check every answer against its contract', fallback: false, parse: boolean },
  {
    key: 'namespaces',
    value: '<auto|created>',
    describe: 'make namespaces at first use, or only on request',
    fallback: 'auto',
    parse: oneOf(['auto', 'created']),
  },
  {
    key: 'mostNamespaces',
    value: '<number>',
    describe: 'how many namespaces may be in use at a time; further ones are refused',
    fallback: 5000,
    parse: whole(1, 1_000_000),
  },
  { key: 'namespaceIdle', value: '<time>', describe: 'drop namespaces unused for so long, like 10m', parse: span },
  { key: 'clock', value: '<time>', describe: 'what time it is at the start, as RFC 3339', parse: instant },
  { key: 'frozen', describe: 'the clock stands still', fallback: false, parse: boolean },
  { key: 'json', describe: 'print one line of JSON when ready, instead of the banner', fallback: false, parse: boolean },
  { key: 'quiet', describe: 'print the ready line only', fallback: false, parse: boolean },
  { key: 'tls', describe: 'listen with TLS too, with a development certificate or your own', fallback: false, parse: boolean },
  { key: 'tlsPort', value: '<number>', describe: 'port for TLS, 0 for a free one', fallback: 7666, parse: whole(0, 65535) },
  { key: 'tlsFolder', value: '<folder>', describe: 'where the development certificate is kept', fallback: TLS_FOLDER, parse: text },
  {
    key: 'tlsNames',
    value: '<name...>',
    describe: 'more names the development certificate is good for',
    fallback: [],
    parse: listOf('name'),
  },
  { key: 'cert', value: '<file>', describe: 'your own certificate (PEM), instead of a development one', parse: text },
  { key: 'key', value: '<file>', describe: 'the private key of --cert (PEM)', parse: text },
]

/** What can be configured, with what the rooms bring. */
export function settings(rooms: Readonly<Record<string, readonly RoomOption[]>> = {}): readonly Setting[] {
  const brought = Object.entries(rooms).flatMap(([room, options]) =>
    options.map(
      ({ name, values, describe, fallback, parse }): Setting => ({
        key: camel(`${room}-${name}`),
        value: /\s/.test(values) ? '<value>' : `<${values}>`,
        describe: /\s/.test(values) ? `${describe}: ${values}` : describe,
        fallback,
        parse: describing(
          (raw) => parse(String(raw), raw) ?? fail(/^[\w|]+$/.test(values) ? `one of ${values.replaceAll('|', ', ')}` : values),
          schemaOf(values),
        ),
        room,
        roomKey: camel(name),
      }),
    ),
  )
  return [...SETTINGS, ...brought]
}

/** `bcryptCost` → `bcrypt-cost` */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export function variable(key: string): string {
  return `POOLHOUSE_${kebab(key).replaceAll('-', '_').toUpperCase()}`
}

/** Raw values from one place, by key, each with the name under which its giver knows it. */
export type Layer = ReadonlyMap<string, { raw: unknown; named: string }>

/** What commander parsed: only what was given, by camel-cased flag. */
export function fromFlags(given: Readonly<Record<string, unknown>>): Layer {
  return new Map(Object.entries(given).map(([key, raw]) => [key, { raw, named: `--${kebab(key)}` }]))
}

/** Variables that other parts of Poolhouse or container platforms set for their own ends. */
const NOT_OURS = /^POOLHOUSE_(TARGET|URL|TLS_URL|YANDEX_ENDPOINT|HARMONY_URL|NAMESPACE|CONFIG|SERVICE_.*|PORT_\d+_.*)$/

export function fromEnvironment(known: readonly Setting[], env: Readonly<Record<string, string | undefined>>): Layer {
  const byName = new Map(known.map(({ key }) => [variable(key), key]))
  const layer = new Map<string, { raw: unknown; named: string }>()
  for (const [named, raw] of Object.entries(env)) {
    if (raw === undefined || raw === '' || !named.startsWith('POOLHOUSE_') || NOT_OURS.test(named)) continue
    // Kubernetes sets this one for a service that is called poolhouse.
    if (named === 'POOLHOUSE_PORT' && raw.startsWith('tcp://')) continue
    const key = byName.get(named)
    if (key === undefined) throw new UsageError(`${named} is not a setting${suggestion(named, [...byName.keys()])}`)
    layer.set(key, { raw, named })
  }
  return layer
}

/** Options of a call, by the same keys as in the config file; those that are undefined are not given. */
export function fromOptions(known: readonly Setting[], options: Readonly<Record<string, unknown>>, named: string): Layer {
  return fromDocument(known, Object.fromEntries(Object.entries(options).filter(([, raw]) => raw !== undefined)), named)
}

export function fromDocument(known: readonly Setting[], document: unknown, file: string): Layer {
  if (document === null || document === undefined) return new Map()
  if (typeof document !== 'object' || Array.isArray(document)) throw new UsageError(`${file} must hold settings by name`)
  const keys = known.map(({ key }) => key)
  const layer = new Map<string, { raw: unknown; named: string }>()
  for (const [name, raw] of Object.entries(document)) {
    const key = camel(name)
    if (!keys.includes(key)) throw new UsageError(`${file}: ${name} is not a setting${suggestion(key, keys)}`)
    layer.set(key, { raw, named: `${file}: ${name}` })
  }
  return layer
}

/** The config file's content and name, if there is one: the one asked for, or the first of these in the folder. */
export async function readDocument(folder: string, asked?: string): Promise<{ document: unknown; file: string } | undefined> {
  const names = ['yaml', 'yml', 'json', 'js', 'mjs'].map((kind) => `poolhouse.config.${kind}`)
  const file = asked ?? names.find((name) => existsSync(join(folder, name)))
  if (file === undefined) return undefined
  const path = resolve(folder, file)
  if (!existsSync(path)) throw new UsageError(`there is no config file ${file}`)
  try {
    if (!/\.m?js$/.test(file)) return { document: parseYaml(readFileSync(path, 'utf8')), file }
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return { document: module.default, file }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message.split('\n', 1)[0]}`)
  }
}

export interface Decided {
  config: Config
  /** Where each value came from: a flag, a variable, a line of a file, or `default`. */
  sources: Readonly<Record<string, string>>
}

/** The layers in their order of precedence, the strongest first, as one frozen Config. */
export function decide(known: readonly Setting[], layers: readonly Layer[]): Decided {
  const config: Record<string, unknown> = {}
  const rooms: Record<string, Record<string, unknown>> = {}
  const sources: Record<string, string> = {}
  for (const setting of known) {
    const given = layers.map((layer) => layer.get(setting.key)).find((found) => found !== undefined)
    const value = given === undefined ? setting.fallback : checked(setting, given)
    sources[setting.key] = given?.named ?? 'default'
    if (setting.room === undefined || setting.roomKey === undefined) config[setting.key] = value
    else if (value !== undefined) rooms[setting.room] = { ...rooms[setting.room], [setting.roomKey]: value }
  }
  if (config.memory === true && sources.data !== 'default') {
    const layerOf = (key: string) => layers.findIndex((layer) => layer.has(key))
    if (layerOf('memory') === layerOf('data')) throw new UsageError(`${sources.memory} and ${sources.data} exclude each other`)
    config.memory = layerOf('memory') < layerOf('data')
  }
  const decided = deepFreeze({ ...config, rooms }) as unknown as Config
  if (decided.smtp !== undefined && decided.smtpAllow.length === 0 && !LOOPBACK.test(new URL(decided.smtp).hostname)) {
    throw new UsageError(`${sources.smtp} is not on this machine: say by --smtp-allow who may get mail of an emulator`)
  }
  if (decided.keys !== undefined && decided.freshKeys) throw new UsageError(`${sources.keys} and ${sources.freshKeys} exclude each other`)
  if ((decided.cert === undefined) !== (decided.key === undefined)) throw new UsageError('--cert and --key go together')
  return { config: decided, sources: Object.freeze(sources) }
}

/** Hosts that are this machine and nobody else. */
export const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/** An emulator has no real guards, so nothing but a flag or a variable, said at this start, opens it to a network. */
export function refuseSilentExposure({ config, sources }: Decided): void {
  if (LOOPBACK.test(config.host) || /^(--host|POOLHOUSE_HOST)$/.test(sources.host ?? '')) return
  throw new UsageError(`${sources.host} opens the emulator to the network (${config.host}); say --host ${config.host} if you mean it`)
}

function checked(setting: Setting, { raw, named }: { raw: unknown; named: string }): unknown {
  try {
    return setting.parse(raw)
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    throw new UsageError(`${named} must be ${error.message}, not ${JSON.stringify(raw)}`)
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

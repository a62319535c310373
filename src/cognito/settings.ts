import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { RoomOption, Settings } from '../core/settings.ts'
import { CONTRACT_MODES } from '../core/violations.ts'
import type { FunctionTarget } from './records.ts'

/** What this room can be configured with, `settings.rooms.cognito`. */
export interface CognitoSettings {
  /** Whether tokens name us as their issuer, or the service as in life (T6). Key sets are found at our own address either way. */
  issuer: 'local' | 'aws'
  /** Whether calls that the service wants signed must be, by one of `accessKeys` (W8, W9). */
  signatures: 'off' | 'strict'
  /** Secret access keys by their ids. */
  accessKeys: Readonly<Record<string, string>>
  /** Whether `poolhouse_user` in an address signs that user in without a proof, and so does the list of people on the login page. */
  instantSignIn: boolean
  /** Whether the built-in upstream stands for all identity providers, or only for those that nobody can reach from here. */
  upstreams: 'real' | 'built-in'
  /** Whether repeated wrong passwords and codes lock a user out for a while (L5). */
  lockOut: boolean
  /** Whether calls are held to the service's quotas (X8). */
  quotas: boolean
  /** Passwords that count as known to others where threat protection looks for them (X5). */
  compromisedPasswords: readonly string[]
  /** How risky sign-ins from these ranges of addresses are, where threat protection looks (X5). */
  riskyAddresses: Readonly<Record<string, 'Low' | 'Medium' | 'High'>>
  /** What answers for Lambda functions, by ARN; `*` for all others. */
  functions: Readonly<Record<string, FunctionTarget>>
  /** How long a trigger may take, in milliseconds of real time (H3). */
  triggerLimit: number
  /** The key under which custom senders get codes, 32 bytes in base64; undefined for one that follows from the pool's KMSKeyID. */
  senderKey?: string | undefined
  /** Whether custom senders get the code in clear beside the encrypted one, as `plaintextCode`. */
  senderCodes: 'encrypted' | 'plain'
}

const defaults: CognitoSettings = {
  issuer: 'local',
  signatures: 'off',
  accessKeys: { local: 'local' },
  instantSignIn: false,
  upstreams: 'real',
  lockOut: true,
  quotas: false,
  compromisedPasswords: [],
  riskyAddresses: {},
  functions: {},
  triggerLimit: 5000,
  senderCodes: 'encrypted',
}

export function settingsOf(call: { settings: Settings }): CognitoSettings {
  return { ...defaults, ...(call.settings.rooms.cognito as Partial<CognitoSettings> | undefined) }
}

export const options: readonly RoomOption[] = [
  {
    name: 'contract',
    values: 'off|warn|strict',
    describe: '--contract for Cognito alone',
    parse: (text) => CONTRACT_MODES.find((mode) => mode === text),
  },
  {
    name: 'issuer',
    values: 'local|aws',
    describe: 'who Cognito tokens say they are from: the address called, or the service',
    fallback: defaults.issuer,
    parse: (text) => (text === 'local' || text === 'aws' ? text : undefined),
  },
  {
    name: 'signatures',
    values: 'off|strict',
    describe: 'whether Cognito calls of administrators must be signed by an access key',
    fallback: defaults.signatures,
    parse: (text) => (text === 'off' || text === 'strict' ? text : undefined),
  },
  {
    name: 'access-keys',
    values: 'a list like <id>=<secret>,<id>=<secret>',
    describe: 'the access keys that --cognito-signatures strict takes beside those of poolhouse env, local=local if none is given',
    parse: (text, raw) => keysIn(typeof raw === 'object' && raw !== null ? Object.entries(raw) : text.split(',').map(pairIn)),
  },
  {
    name: 'instant-sign-in',
    values: 'true|false',
    describe: 'whether Cognito pages sign in whoever poolhouse_user names, without a proof',
    fallback: defaults.instantSignIn,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  {
    name: 'upstreams',
    values: 'real|built-in',
    describe: 'whether OIDC and SAML providers of Cognito are asked where they are, or the built-in upstream stands for all',
    fallback: defaults.upstreams,
    parse: (text) => (text === 'real' || text === 'built-in' ? text : undefined),
  },
  {
    name: 'lock-out',
    values: 'true|false',
    describe: 'whether wrong passwords and codes lock Cognito users out for a while',
    fallback: defaults.lockOut,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  {
    name: 'quotas',
    values: 'true|false',
    describe: "whether Cognito calls are held to the service's quotas: how many of what, and how many requests a second",
    fallback: defaults.quotas,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  {
    name: 'compromised-passwords',
    values: 'a list like password123,Secret-1',
    describe: 'which passwords Cognito takes for known to others, where threat protection is enforced',
    parse: (text, raw) => (Array.isArray(raw) ? raw.map(String) : text.split(',').filter((password) => password !== '')),
  },
  {
    name: 'risky-addresses',
    values: 'a list like 198.51.100.0/24=high,2001:db8::/32=low',
    describe: 'how risky Cognito takes sign-ins from these addresses for, where threat protection is on',
    parse: (text, raw) => riskyIn(typeof raw === 'object' && raw !== null ? Object.entries(raw) : text.split(',').map(pairIn)),
  },
  {
    name: 'functions',
    values: 'a list like <arn>=./trigger.js,<arn>=http://…,<arn>=command:python3 ./trigger.py,*=lambda:http://…',
    describe: 'what answers for the Lambda functions of Cognito triggers',
    parse: (text, raw) => functionsIn(typeof raw === 'object' && raw !== null ? Object.entries(raw) : text.split(',').map(pairIn)),
  },
  {
    name: 'trigger-limit',
    values: 'a number of milliseconds',
    describe: 'how long a Cognito trigger may take',
    fallback: defaults.triggerLimit,
    parse: (text) => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined),
  },
  {
    name: 'sender-key',
    values: '32 bytes in base64',
    describe: 'the key that stands for KMS where Cognito encrypts codes for custom senders',
    parse: (text) => (Buffer.from(text, 'base64').length === 32 ? text : undefined),
  },
  {
    name: 'sender-codes',
    values: 'encrypted|plain',
    describe: 'whether custom senders get codes in clear, too',
    fallback: defaults.senderCodes,
    parse: (text) => (text === 'encrypted' || text === 'plain' ? text : undefined),
  },
]

function pairIn(item: string): [string, string] {
  const at = item.indexOf('=')
  return [item.slice(0, Math.max(at, 0)).trim(), item.slice(at + 1).trim()]
}

function keysIn(pairs: [string, unknown][]): Record<string, string> | undefined {
  return pairs.every(([id, secret]) => id !== '' && secret !== '')
    ? Object.fromEntries(pairs.map(([id, secret]) => [id, String(secret)]))
    : undefined
}

const LEVELS = { low: 'Low', medium: 'Medium', high: 'High' } as const

function riskyIn(pairs: [string, unknown][]): CognitoSettings['riskyAddresses'] | undefined {
  const found = pairs.map(([range, level]) => [range, LEVELS[String(level).toLowerCase() as keyof typeof LEVELS]] as const)
  return found.every(([range, level]) => isRange(range) && level !== undefined) ? Object.fromEntries(found) : undefined
}

/** Targets by ARN, undefined if one is none. */
export function functionsIn(pairs: [string, unknown][]): Record<string, FunctionTarget> | undefined {
  const found = pairs.map(([arn, target]) => [arn, targetIn(target)] as const)
  if (found.some(([arn, target]) => arn === '' || target === undefined)) return undefined
  return Object.fromEntries(found) as Record<string, FunctionTarget>
}

/**
 * What settings and fixtures name: also a program, as `command:python3 ./trigger.py`, whose words are parted by spaces, or as
 * `{ command: [python3, ./trigger.py], folder: . }`. Nothing that comes by an API of a vendor is read here.
 */
function targetIn(target: unknown): FunctionTarget | undefined {
  const line = typeof target === 'string' && target.startsWith(COMMAND) ? target.slice(COMMAND.length) : undefined
  if (typeof target === 'string' && line === undefined) return parseTarget(target)
  const {
    command,
    folder = '.',
    ...more
  } = (line === undefined ? (target ?? {}) : { command: line.split(' ').filter((word) => word !== '') }) as {
    command?: unknown
    folder?: unknown
  }
  const words = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string' && word !== '')
  if (!words || typeof folder !== 'string' || Object.keys(more).length > 0) return undefined
  return { command, folder: resolve(folder) }
}

const COMMAND = 'command:'

/** `./trigger.js`, `http://…` or `lambda:http://…`: how what answers for a function is written in a line. Undefined if it is none. */
export function parseTarget(text: string): FunctionTarget | undefined {
  const lambda = text.startsWith('lambda:')
  const address = lambda ? text.slice('lambda:'.length) : text
  if (/^https?:\/\//.test(address)) {
    if (!URL.canParse(address)) return undefined
    return lambda ? { lambda: address.replace(/\/+$/, '') } : { url: address }
  }
  return address !== '' && !/^[a-z]{2,}:/i.test(text) ? { module: resolve(text) } : undefined
}

/** A range of addresses in CIDR notation. */
export function isRange(text: string): boolean {
  const [network = '', prefix = '', ...more] = text.split('/')
  const family = isIP(network)
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32)
}

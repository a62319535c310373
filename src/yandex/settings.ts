import { readFileSync } from 'node:fs'
import type { Call } from '../core/call.ts'
import type { RoomOption } from '../core/settings.ts'
import { CONTRACT_MODES } from '../core/violations.ts'
import { policiesOf } from './rules/running/runs.ts'

/** What this room is configured with: `settings.rooms.yandex`. */
export interface YandexSettings {
  /** How long Operations run at first: a policy for all, or one for each kind (rules/running/runs.ts). */
  operations?: string | Readonly<Record<string, string>>
  /** The API as it was on that date (rules/running/compat.ts). */
  compat?: '2026-04'
  /** `strict` asks for a token that our own IamTokenService issued and for roles (rules/access/authorize.ts); `off` takes any caller for the demo subject. */
  auth?: 'off' | 'strict'
  /** Whom `strict` believes when they ask for tokens: authorized keys as the vendor's CLI writes them, and an OAuth token. */
  serviceAccountKeys?: readonly AuthorizedKey[]
  oauthToken?: string
  /** Whether tokens of OAuth applications name us as their issuer, or the service as in life. Keys are found at our own address either way. */
  issuer?: 'local' | 'yandex'
  /** Whether `poolhouse_user` in an address signs that user in without a proof, and so does the list of people on the login page. */
  instantSignIn?: boolean
  /** Hold calls to the service's limits (rules/quotas.ts). */
  quotas?: boolean
  /** Print members that hold their default too. */
  printDefaults?: boolean
  /** Organizations of a fresh store, since the API cannot make any. */
  organizations?: readonly { id: string; name: string; title?: string }[]
}

/** The part of an authorized key's file that is not secret. */
export interface AuthorizedKey {
  id: string
  service_account_id: string
  public_key: string
}

/** Filed in every fresh store: the API has no OrganizationService.Create. */
export const DEMO_ORGANIZATION = { id: 'bpfdemo0000000000000', name: 'demo', title: 'Demo' }

/** Who calls when nobody says so and nobody asks. */
export const DEMO_SUBJECT = 'ajedemo0000000000000'

/** The OAuth token of the demo subject, for `auth: strict`. */
export const DEMO_OAUTH_TOKEN = 'y0_poolhouse-demo'

export function settingsOf(call: Pick<Call, 'settings'>): YandexSettings {
  return (call.settings.rooms.yandex ?? {}) as YandexSettings
}

/** `--yandex-operations`, `--yandex-compat`, `--yandex-auth`, … */
export const options: readonly RoomOption[] = [
  {
    name: 'contract',
    values: 'off|warn|strict',
    describe: '--contract for Yandex alone',
    parse: (text) => CONTRACT_MODES.find((mode) => mode === text),
  },
  {
    name: 'operations',
    values: 'immediate, manual, a duration such as 5s, polls:3, or any of these by kind as in idp.UserService.Create=5s,*=manual',
    describe: 'how long-running Operations run',
    fallback: 'immediate',
    parse: policiesOf,
  },
  {
    name: 'compat',
    values: '2026-04',
    describe: 'the API as it was on that date',
    parse: (text) => (text === '2026-04' ? text : undefined),
  },
  {
    name: 'auth',
    values: 'off|strict',
    describe: 'whether calls need an IAM token of ours, and roles for what they do',
    fallback: 'off',
    parse: (text) => (text === 'off' || text === 'strict' ? text : undefined),
  },
  {
    name: 'organizations',
    values: 'a list of { id, name, title } in a config file',
    describe: 'organizations of a fresh store, since the API cannot make any',
    parse: (_text, raw) => organizationsOf(raw),
  },
  {
    name: 'issuer',
    values: 'local|yandex',
    describe: 'who tokens of OAuth applications say they are from: the address called, or the service',
    fallback: 'local',
    parse: (text) => (text === 'local' || text === 'yandex' ? text : undefined),
  },
  {
    name: 'instant-sign-in',
    values: 'true|false',
    describe: 'whether the pages sign in whoever poolhouse_user names, without a proof',
    fallback: false,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  {
    name: 'quotas',
    values: 'on|off',
    describe: "whether calls are held to the service's limits",
    fallback: false,
    parse: (text) => (text === 'on' || text === 'true' ? true : text === 'off' || text === 'false' ? false : undefined),
  },
  {
    name: 'service-account-keys',
    values: 'files with authorized keys, separated by commas',
    describe: "service accounts whose JWTs are exchanged for IAM tokens, as the vendor's CLI writes their keys",
    parse: authorizedKeys,
  },
  {
    name: 'oauth-token',
    values: 'a token without spaces',
    describe: 'the OAuth token of the demo subject',
    fallback: DEMO_OAUTH_TOKEN,
    parse: (text) => (/^\S+$/.test(text) ? text : undefined),
  },
]

function organizationsOf(raw: unknown): YandexSettings['organizations'] | undefined {
  if (!Array.isArray(raw) || raw.length === 0) return undefined
  const good = raw.every((one: unknown) => {
    const { id, name, title = '', ...more } = (one ?? {}) as Record<string, unknown>
    return [id, name, title].every((part) => typeof part === 'string') && Object.keys(more).length === 0
  })
  return good ? (raw as YandexSettings['organizations']) : undefined
}

function authorizedKeys(text: string): AuthorizedKey[] | undefined {
  try {
    return text.split(',').map((file) => {
      const { id, service_account_id, public_key } = JSON.parse(readFileSync(file.trim(), 'utf8')) as AuthorizedKey
      if ([id, service_account_id, public_key].some((part) => typeof part !== 'string')) throw new Error('not an authorized key')
      return { id, service_account_id, public_key }
    })
  } catch {
    return undefined
  }
}

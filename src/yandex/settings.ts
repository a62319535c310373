import type { Call } from '../core/call.ts'
import type { RoomOption } from '../core/settings.ts'
import { runsOf } from './rules/policies.ts'

/** What this room is configured with: `settings.rooms.yandex`. */
export interface YandexSettings {
  /** How long Operations run at first: a policy for all, or one for each kind (rules/policies.ts). */
  operations?: string | Readonly<Record<string, string>>
  /** The API as it was on that date (rules/compat.ts). */
  compat?: '2026-04'
  /** `strict` asks for a token that our own IamTokenService issued; `off` takes any caller for the demo subject. */
  auth?: 'off' | 'strict'
  /** Print members that hold their default too. */
  printDefaults?: boolean
  /** Organizations of a fresh store, since the API cannot make any. */
  organizations?: readonly { id: string; name: string; title?: string }[]
}

/** Filed in every fresh store: the API has no OrganizationService.Create. */
export const DEMO_ORGANIZATION = { id: 'bpfdemo0000000000000', name: 'demo', title: 'Demo' }

/** Who calls when nobody says so and nobody asks. */
export const DEMO_SUBJECT = 'ajedemo0000000000000'

export function settingsOf(call: Call): YandexSettings {
  return (call.settings.rooms.yandex ?? {}) as YandexSettings
}

/** `--yandex-operations`, `--yandex-compat`, `--yandex-auth`. */
export const options: readonly RoomOption[] = [
  {
    name: 'operations',
    values: 'immediate, manual, a duration such as 5s, or polls:3',
    describe: 'how long-running Operations run',
    fallback: 'immediate',
    parse: (text) => (runsOf(text) === undefined ? undefined : text),
  },
  {
    name: 'compat',
    values: '2026-04',
    describe: 'the API as it was on that date',
    parse: (text) => (text === '2026-04' ? text : undefined),
  },
]

import type { RoomOption, Settings } from '../core/settings.ts'
import { CONTRACT_MODES, type ContractMode } from '../core/violations.ts'

/** `settings.rooms.harmony`: how this room was configured. */
export interface HarmonySettings {
  /** What is not documented is taken silently, taken and told in the header `x-poolhouse-violations`, or refused. */
  contract?: ContractMode | undefined
  /** Who may call: anybody, who has one of `tokens`, or who has a token that POST /auth/token issued. */
  auth: 'off' | 'static' | 'issued'
  tokens: readonly string[]
  /** Mails and password resets that one user may be sent in an hour before the answer is 429; absent, there is no limit. */
  quota?: number | undefined
}

const STANDARD: HarmonySettings = { auth: 'off', tokens: [] }

export function settingsOf(settings: Settings): HarmonySettings {
  return { ...STANDARD, ...(settings.rooms.harmony as Partial<HarmonySettings> | undefined) }
}

/** `--harmony-contract`, `--harmony-auth`, `--harmony-tokens`, `--harmony-quota`. */
export const options: readonly RoomOption[] = [
  {
    name: 'contract',
    values: 'off|warn|strict',
    describe: '--contract for Harmony alone: what is not documented is taken silently, taken and told in a header, or refused',
    parse: (text) => CONTRACT_MODES.find((mode) => mode === text),
  },
  {
    name: 'auth',
    values: 'off|static|issued',
    describe: 'who may call: anybody, who has one of the tokens, who has an issued token',
    fallback: STANDARD.auth,
    parse: (text) => (/^(off|static|issued)$/.test(text) ? text : undefined),
  },
  {
    name: 'tokens',
    values: 'one or more tokens, with commas between them',
    describe: 'the tokens of --harmony-auth static',
    parse: (text) => (/^[^,\s]+(,[^,\s]+)*$/.test(text) ? text.split(',') : undefined),
  },
  {
    name: 'quota',
    values: 'a whole number from 1 up',
    describe: 'mails that one user may be sent in an hour',
    parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
  },
]

import type { Settings } from '../core/settings.ts'

/** `settings.rooms.harmony`: how this room was configured. */
export interface HarmonySettings {
  /** What is not documented is taken silently, taken and told in the header `x-poolhouse-violations`, or refused. */
  contract: 'off' | 'warn' | 'strict'
  /** Who may call: anybody, who has one of `tokens`, or who has a token that POST /auth/token issued. */
  auth: 'off' | 'static' | 'issued'
  tokens: readonly string[]
  /** Mails and password resets that one user may be sent in an hour before the answer is 429; absent, there is no limit. */
  quota?: number | undefined
}

const STANDARD: HarmonySettings = { contract: 'warn', auth: 'off', tokens: [] }

export function settingsOf(settings: Settings): HarmonySettings {
  return { ...STANDARD, ...(settings.rooms.harmony as Partial<HarmonySettings> | undefined) }
}

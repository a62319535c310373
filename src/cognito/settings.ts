import type { Settings } from '../core/settings.ts'

/** What this room can be configured with, `settings.rooms.cognito`. */
export interface CognitoSettings {
  /** Whether tokens name us as their issuer, or the service as in life (T6). Key sets are found at our own address either way. */
  issuer: 'local' | 'aws'
  /** Whether repeated wrong passwords lock a user out for a while (L5). */
  lockOut: boolean
}

const defaults: CognitoSettings = { issuer: 'local', lockOut: true }

export function settingsOf(call: { settings: Settings }): CognitoSettings {
  return { ...defaults, ...(call.settings.rooms.cognito as Partial<CognitoSettings> | undefined) }
}

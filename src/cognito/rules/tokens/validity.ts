import type { TimeUnitsType } from '../../contract/types.ts'
import type { Client } from '../../records.ts'

const SECONDS: Record<TimeUnitsType, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }

type Lifetimes = Pick<
  Client,
  'AccessTokenValidity' | 'IdTokenValidity' | 'RefreshTokenValidity' | 'TokenValidityUnits' | 'AuthSessionValidity'
>

/** How long what a client hands out is good for, in seconds (C1, C3; cognito-facts 46). */
export function validity(client: Lifetimes): { access: number; id: number; refresh: number; session: number } {
  const { AccessToken = 'hours', IdToken = 'hours', RefreshToken = 'days' } = client.TokenValidityUnits ?? {}
  return {
    access: (client.AccessTokenValidity ?? 1) * SECONDS[client.AccessTokenValidity === undefined ? 'hours' : AccessToken],
    id: (client.IdTokenValidity ?? 1) * SECONDS[client.IdTokenValidity === undefined ? 'hours' : IdToken],
    // 0 means the default of 30 days.
    refresh: client.RefreshTokenValidity ? client.RefreshTokenValidity * SECONDS[RefreshToken] : 30 * SECONDS.days,
    session: (client.AuthSessionValidity ?? 3) * SECONDS.minutes,
  }
}

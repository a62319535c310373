import type { CognitoCall } from '../../call.ts'
import { clientSessions, type Pool, sessionTracking } from '../../records.ts'

/** The defaults and ranges of the reference (UserPoolTokenSessionConfigType, ClientSSOSessionConfigType). */
const TOKEN_SESSIONS = { least: 1, most: 100, byDefault: 20 }
const REUSE_MINUTES = { least: 0, most: 129_600, byDefault: 60 }

/** Whether the pool keeps its users' sessions, and how many token sessions each may have. */
export function trackingOf(call: CognitoCall, pool: Pool): { tracked: boolean; perUser: number } {
  return sessionTracking.get(call, pool.Id, '') ?? { tracked: false, perUser: TOKEN_SESSIONS.byDefault }
}

/** For how many minutes after a sign-in this client reuses the session of the pages without asking again. */
export function reuseMinutes(call: CognitoCall, pool: Pool, clientId: string): number {
  return clientSessions.get(call, pool.Id, clientId)?.minutes ?? REUSE_MINUTES.byDefault
}

/** The same for the pages: what a client was told counts while the pool tracks sessions. */
export function pageMinutes(call: CognitoCall, pool: Pool, clientId: string): number {
  return trackingOf(call, pool).tracked ? reuseMinutes(call, pool, clientId) : REUSE_MINUTES.byDefault
}

export function checkTokenSessions(call: CognitoCall, value: number | undefined): number {
  return within(call, 'tokenSession.maxPerUser', value, TOKEN_SESSIONS)
}

export function checkReuseMinutes(call: CognitoCall, value: number | undefined): number {
  return within(call, 'sSOSession.maxValidityMinutes', value, REUSE_MINUTES)
}

/** The contract bounds neither number; the reference does, so the sentences are those of bounds (cognito-behaviour V3). */
function within(call: CognitoCall, path: string, value: number | undefined, { least, most }: { least: number; most: number }): number {
  const refuse = (shown: string, rule: string): never =>
    call.fail('InvalidParameterException', `1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: ${rule}`)
  if (value === undefined) return refuse('null', 'Member must not be null')
  if (value > most) return refuse(`'${value}'`, `Member must have value less than or equal to ${most}`)
  if (value < least) return refuse(`'${value}'`, `Member must have value greater than or equal to ${least}`)
  return value
}

import type { AuthEventType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import { type Client, type Pool, riskConfigurations, type User } from '../records.ts'
import { settingsOf } from '../settings.ts'
import { type AuthEvent, recordAuthEvent, threatProtection } from './auth-events.ts'
import { EVERY_EVENT, listed, POOL, riskConfigurationFor } from './risk.ts'
import { change, find } from './users.ts'

// Not yet: adaptive authentication (AccountTakeoverRiskConfiguration is stored, but nothing here rates how strange a sign-in is).

/** What the request says of the address it comes from, in the place of the one it was sent from. */
export interface Whereabouts {
  UserContextData?: { IpAddress?: string | undefined } | undefined
  ContextData?: { IpAddress?: string | undefined } | undefined
}

function addressOf(call: CognitoCall, { UserContextData, ContextData }: Whereabouts): string | undefined {
  return ContextData?.IpAddress ?? UserContextData?.IpAddress ?? call.origin.ip
}

/** Refuses a sign-in from an address that is blocked for the client, and remembers it. Only enforced protection refuses (fact 205). */
export function requireSafeAddress(
  call: CognitoCall,
  { pool, client }: { pool: Pool; client: Client },
  username: string | undefined,
  whereabouts: Whereabouts,
): void {
  const ip = addressOf(call, whereabouts)
  if (threatProtection(pool) !== 'ENFORCED' || listed(riskConfigurationFor(call, pool, client), ip) !== 'blocked') return
  const user = username === undefined ? undefined : find(call, pool, username)
  const EventRisk = { RiskDecision: 'Block', RiskLevel: 'High', CompromisedCredentialsDetected: false } as const
  if (user !== undefined) recordFailure(call, pool, user, { EventType: 'SignIn', EventRisk, EventContextData: { IpAddress: ip } })
  call.fail('NotAuthorizedException', 'Request not allowed due to security reasons.')
}

/** Remembers what is about to be refused. */
export function recordFailure(call: CognitoCall, pool: Pool, user: User, event: Omit<AuthEvent, 'EventResponse'>): void {
  if (threatProtection(pool) === 'OFF') return
  call.afterRefusal((after) => recordAuthEvent(after, pool, user, { ...event, EventResponse: 'Fail' }))
}

/** Remembers somebody who came in, and what was proven on the way. */
export function recordSignIn(call: CognitoCall, pool: Pool, user: User, passed: readonly string[]): void {
  const factors = passed.filter((challenge) => /MFA|OTP/.test(challenge))
  const ChallengeResponses: AuthEventType['ChallengeResponses'] = [
    { ChallengeName: 'Password', ChallengeResponse: 'Success' },
    ...factors.map(() => ({ ChallengeName: 'Mfa', ChallengeResponse: 'Success' }) as const),
  ]
  recordAuthEvent(call, pool, user, { EventType: 'SignIn', EventResponse: 'Pass', ChallengeResponses })
}

type PasswordEvent = (typeof EVERY_EVENT)[number]

/**
 * Refuses a password that is known to be in the hands of others (the setting `compromised-passwords`), if protection is enforced
 * and the configuration says so for this event. At a sign-in the user is marked, and has to choose another password (X5).
 */
export function requireSafePassword(
  call: CognitoCall,
  { pool, client, user }: { pool: Pool; client?: Client | undefined; user?: User | undefined },
  password: string,
  event: PasswordEvent,
): void {
  if (threatProtection(pool) !== 'ENFORCED' || !settingsOf(call).compromisedPasswords.includes(password)) return
  const configuration = client === undefined ? riskConfigurations.get(call, pool.Id, POOL) : riskConfigurationFor(call, pool, client)
  const { Actions, EventFilter = EVERY_EVENT } = configuration?.CompromisedCredentialsRiskConfiguration ?? {}
  if (Actions?.EventAction !== 'BLOCK' || !EventFilter.includes(event)) return
  if (event !== 'SIGN_IN' || user === undefined)
    call.fail('InvalidPasswordException', 'Provided password cannot be used for security reasons.')

  const EventRisk = { RiskDecision: 'Block', RiskLevel: 'High', CompromisedCredentialsDetected: true } as const
  const ChallengeResponses = [{ ChallengeName: 'Password', ChallengeResponse: 'Success' } as const]
  recordFailure(call, pool, user, { EventType: 'SignIn', EventRisk, ChallengeResponses })
  markCompromised(call, pool, user)
  refuseCompromised(call)
}

function markCompromised(call: CognitoCall, pool: Pool, user: User): void {
  call.afterRefusal(() => change(call, pool, user, { UserStatus: 'COMPROMISED' }))
}

/** (?) What somebody hears whose password is known to others: the way back is a new one. */
export function refuseCompromised(call: CognitoCall): never {
  return call.fail('PasswordResetRequiredException', 'Password reset required for the user')
}

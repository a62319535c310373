import type { CognitoCall } from '../../call.ts'
import type { AuthEventType, EventRiskType } from '../../contract/types.ts'
import { type Client, type Pool, riskConfigurations, type User } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { change, find } from '../users/users.ts'
import { type AuthEvent, recordAuthEvent, threatProtection } from './auth-events.ts'
import { EVERY_EVENT, listed, POOL, type RiskLevel, rated, riskConfigurationFor } from './risk.ts'
import { notify } from './risk-notices.ts'

/** What the request says of the address it comes from, in the place of the one it was sent from. */
export interface Whereabouts {
  UserContextData?: { IpAddress?: string | undefined } | undefined
  ContextData?: { IpAddress?: string | undefined } | undefined
}

/** A sign-in that goes on although it looks strange, or may not go on without a second proof. */
export interface Risk {
  level: RiskLevel
  ip: string | undefined
  notify: boolean
  mfaRequired: boolean
}

const REFUSED = 'Request not allowed due to security reasons.'

/**
 * How strange a sign-in is and what the configuration says to that. The service rates by its own model; here an address is as
 * risky as the setting `risky-addresses` says. Audits see, only enforcement acts (cognito-facts 205).
 */
export function assess(
  call: CognitoCall,
  { pool, client }: { pool: Pool; client: Client },
  username: string | undefined,
  { UserContextData, ContextData }: Whereabouts,
): Risk | undefined {
  const mode = threatProtection(pool)
  if (mode === 'OFF') return undefined
  const ip = ContextData?.IpAddress ?? UserContextData?.IpAddress ?? call.origin.ip
  const configuration = riskConfigurationFor(call, pool, client)
  const list = listed(configuration, ip)
  const level = list === 'blocked' ? 'High' : list === 'skipped' ? undefined : rated(settingsOf(call).riskyAddresses, ip)
  if (level === undefined) return undefined
  const action = configuration?.AccountTakeoverRiskConfiguration?.Actions[`${level}Action`]
  const risk = {
    level,
    ip,
    notify: mode === 'ENFORCED' && action?.Notify === true,
    mfaRequired: mode === 'ENFORCED' && action?.EventAction === 'MFA_REQUIRED',
  }
  if (mode === 'ENFORCED' && (list === 'blocked' || action?.EventAction === 'BLOCK')) {
    const user = username === undefined ? undefined : find(call, pool, username)
    if (user !== undefined) block(call, { pool, client, user }, risk)
    call.fail('NotAuthorizedException', REFUSED)
  }
  return risk
}

/** Remembers a sign-in that is about to be refused for its risk, and tells the user if the configuration says so. */
function block(call: CognitoCall, { pool, client, user }: { pool: Pool; client: Client; user: User }, risk: Risk): void {
  call.afterRefusal((after) => {
    const EventId = recordAuthEvent(after, pool, user, {
      EventType: 'SignIn',
      EventResponse: 'Fail',
      EventRisk: { RiskDecision: 'Block', RiskLevel: risk.level, CompromisedCredentialsDetected: false },
      EventContextData: { IpAddress: risk.ip },
    })
    if (risk.notify && EventId !== undefined) notify(call, { pool, client, user }, { EventId, ip: risk.ip, kind: 'BlockEmail' })
  })
}

/** Remembers what is about to be refused. */
export function recordFailure(call: CognitoCall, pool: Pool, user: User, event: Omit<AuthEvent, 'EventResponse'>): void {
  if (threatProtection(pool) === 'OFF') return
  call.afterRefusal((after) => recordAuthEvent(after, pool, user, { ...event, EventResponse: 'Fail' }))
}

const SECOND_PROOFS: readonly string[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP', 'SMS_OTP']

/** Events have no name for these: they tell of the failure alone. */
const NAMELESS_PROOFS: readonly string[] = ['CUSTOM_CHALLENGE', 'WEB_AUTHN', 'DEVICE_PASSWORD_VERIFIER']

/** Remembers an answer to a challenge that is refused, should it be; passwords are remembered where they are counted. */
export function watchProof(call: CognitoCall, pool: Pool, user: User | undefined, challenge: string): void {
  if (user === undefined) return
  const second = SECOND_PROOFS.includes(challenge)
  if (!second && !NAMELESS_PROOFS.includes(challenge)) return
  const ChallengeResponses = second ? [{ ChallengeName: 'Mfa', ChallengeResponse: 'Failure' } as const] : []
  recordFailure(call, pool, user, { EventType: 'SignIn', ChallengeResponses })
}

/** Remembers somebody who came in, and what was proven on the way; refuses if the risk asks for a proof that is not there. */
export function recordSignIn(
  call: CognitoCall,
  { pool, client, user }: { pool: Pool; client: Client; user: User },
  { passed, risk }: { passed: readonly string[]; risk?: Risk | undefined },
): void {
  const factors = passed.filter((challenge, place) => /MFA|OTP/.test(challenge) && place > 0)
  if (risk?.mfaRequired === true && factors.length === 0) {
    block(call, { pool, client, user }, risk)
    call.fail('NotAuthorizedException', REFUSED)
  }
  const proven = (ChallengeName: 'Password' | 'Mfa') => ({ ChallengeName, ChallengeResponse: 'Success' }) as const
  const ChallengeResponses: AuthEventType['ChallengeResponses'] = [
    ...(passed.some((challenge) => challenge.startsWith('PASSWORD')) ? [proven('Password')] : []),
    ...factors.map(() => proven('Mfa')),
  ]
  const rated: { EventRisk: EventRiskType; EventContextData: AuthEventType['EventContextData'] } | undefined = risk && {
    EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: risk.level, CompromisedCredentialsDetected: false },
    EventContextData: { IpAddress: risk.ip },
  }
  const EventId = recordAuthEvent(call, pool, user, { EventType: 'SignIn', EventResponse: 'Pass', ChallengeResponses, ...rated })
  if (risk?.notify === true && EventId !== undefined) {
    notify(call, { pool, client, user }, { EventId, ip: risk.ip, kind: factors.length > 0 ? 'MfaEmail' : 'NoActionEmail' })
  }
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
  if (event !== 'SIGN_IN' || user === undefined) {
    call.fail('InvalidPasswordException', 'Provided password cannot be used for security reasons.')
  }

  const EventRisk = { RiskDecision: 'Block', RiskLevel: 'High', CompromisedCredentialsDetected: true } as const
  const ChallengeResponses = [{ ChallengeName: 'Password', ChallengeResponse: 'Success' } as const]
  recordFailure(call, pool, user, { EventType: 'SignIn', EventRisk, ChallengeResponses })
  call.afterRefusal(() => change(call, pool, user, { UserStatus: 'COMPROMISED' }))
  refuseCompromised(call)
}

/** What somebody hears who has to choose a new password first (L3). */
export const RESET = 'Password reset required for the user'

/** (?) What somebody hears whose password is known to others: the way back is a new one. */
export function refuseCompromised(call: CognitoCall): never {
  return call.fail('PasswordResetRequiredException', RESET)
}

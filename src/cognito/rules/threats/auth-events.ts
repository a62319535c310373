import type { Call } from '../../../core/call.ts'
import type { CognitoCall } from '../../call.ts'
import type { AuthEventType } from '../../contract/types.ts'
import { authEvents, feedbackTokens, type Pool, type User } from '../../records.ts'

/** What the caller of `recordAuthEvent` says of an event; the rest is known from the call. */
export type AuthEvent = Omit<AuthEventType, 'EventId' | 'CreationDate' | 'EventFeedback'>

/** Threat protection is off unless the pool says otherwise; only audit and enforcement see anything (X6). */
export function threatProtection(pool: Pool): 'OFF' | 'AUDIT' | 'ENFORCED' {
  return pool.UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF'
}

/**
 * Remembers what a person did, or tried to; nothing, unless the pool has threat protection on. What was tried in vain is
 * recorded by a mark (`call.afterRefusal`). Answers the event's id.
 */
export function recordAuthEvent(call: Call, pool: Pool, user: User, event: AuthEvent): string | undefined {
  if (threatProtection(pool) === 'OFF') return undefined
  const EventId = call.random.uuid()
  authEvents.put(
    call,
    pool.Id,
    user.sub,
    {
      EventId,
      EventType: event.EventType,
      CreationDate: call.now / 1000,
      EventResponse: event.EventResponse,
      EventRisk: event.EventRisk ?? { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
      ChallengeResponses: event.ChallengeResponses ?? [],
      EventContextData: { IpAddress: call.origin.ip, ...event.EventContextData },
    },
    EventId,
  )
  return EventId
}

export function requireThreatProtection(call: CognitoCall, pool: Pool): void {
  if (threatProtection(pool) === 'OFF') call.fail('UserPoolAddOnNotEnabledException', NOT_ENABLED)
}

/** (?) The error's name is the contract's, its sentence is not known. */
const NOT_ENABLED = 'Threat protection is not enabled for this user pool.'

/** All of a person's events, the newest first. */
export function eventsOf(call: CognitoCall, pool: Pool, user: User): AuthEventType[] {
  return authEvents
    .list(call, pool.Id, user.sub)
    .map(({ doc }) => doc)
    .reverse()
}

/** Tokens of this list name the last event shown: `<EventId>#<ISO time>` (cognito-facts 32). */
export function eventToken({ EventId, CreationDate = 0 }: AuthEventType): string {
  return `${EventId}#${new Date(CreationDate * 1000).toISOString()}`
}

export function giveFeedback(
  call: CognitoCall,
  pool: Pool,
  user: User,
  id: string,
  feedback: { value: 'Valid' | 'Invalid'; provider: string },
): void {
  const event = authEvents.get(call, pool.Id, user.sub, id)
  if (event === undefined) call.fail('ResourceNotFoundException', NO_EVENT)
  const EventFeedback = { FeedbackValue: feedback.value, Provider: feedback.provider, FeedbackDate: call.seconds }
  authEvents.put(call, pool.Id, user.sub, { ...event, EventFeedback }, id)
}

/** (?) */
const NO_EVENT = 'Authentication event does not exist.'

const FEEDBACK_DAYS = 7

/** The token of the links in a notification, good for one event (?: how long is not documented). */
export function newFeedbackToken(call: CognitoCall, pool: Pool, user: User, event: string): string {
  const token = call.random.text(64, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
  const expires = call.now + FEEDBACK_DAYS * 24 * 60 * 60 * 1000
  feedbackTokens.issue(call, token, { pool: pool.Id, person: user.sub, expires, doc: { event } })
  return token
}

export function checkFeedbackToken(call: CognitoCall, pool: Pool, user: User, token: string, event: string): void {
  const ticket = feedbackTokens.find(call, token)
  const fits = ticket?.pool === pool.Id && ticket.person === user.sub && ticket.doc.event === event && ticket.expires > call.now
  if (!fits) call.fail('NotAuthorizedException', WRONG_FEEDBACK_TOKEN)
}

/** (?) */
const WRONG_FEEDBACK_TOKEN = 'Invalid feedback token'

import { DIGITS, LOWER } from '../../../core/random.ts'
import type { CognitoCall } from '../../call.ts'
import type { SessionDescriptionType } from '../../contract/types.ts'
import { type Pool, type User, type UserSession, userSessions } from '../../records.ts'
import { deviceType } from '../threats/user-agent.ts'
import { type Login, logins, revokeLogin } from '../tokens/logins.ts'
import { trackingOf } from './session-tracking.ts'

/** Sessions come in one page of up to so many (reference, AdminListUserSessions). */
export const LARGEST_PAGE_OF_SESSIONS = 125

/** In a pool that tracks sessions: records a new sign-in, after making room for it by ending the ones unused the longest. */
export function trackLogin(call: CognitoCall, pool: Pool, user: User, login: Login): void {
  const { tracked, perUser } = trackingOf(call, pool)
  if (!tracked) return
  const alive = activeSessions(call, pool, user)
  for (const { key } of userSessions.list(call, pool.Id, user.sub)) {
    if (!alive.some(({ id }) => id === key)) userSessions.remove(call, pool.Id, user.sub, key)
  }
  const oldest = alive.sort((a, b) => a.active - b.active)
  for (const session of oldest.slice(0, Math.max(0, oldest.length - perUser + 1))) endSession(call, pool, user, session, { linked: false })

  const id = `tkn${call.random.text(25, DIGITS + LOWER)}`
  userSessions.put(
    call,
    pool.Id,
    user.sub,
    { id, client: login.client, login: login.eventId, origin: login.page, created: call.seconds, ...activity(call) },
    id,
  )
}

/** Tokens were made: the session they are of was used. */
export function touchSession(call: CognitoCall, pool: Pool, user: User, login: Login): void {
  if (!trackingOf(call, pool).tracked) return
  const session = userSessions.list(call, pool.Id, user.sub).find(({ doc }) => doc.login === login.eventId)?.doc
  if (session !== undefined && session.active !== call.seconds) {
    userSessions.put(call, pool.Id, user.sub, { ...session, ...activity(call) }, session.id)
  }
}

function activity(call: CognitoCall): Pick<UserSession, 'active' | 'device' | 'ip'> {
  return { active: call.seconds, device: deviceType(String(call.origin.headers['user-agent'] ?? '')), ip: call.origin.ip }
}

/** Those whose tokens are still good for something, the latest first. */
export function activeSessions(call: CognitoCall, pool: Pool, user: User): UserSession[] {
  if (!trackingOf(call, pool).tracked) return []
  return userSessions
    .list(call, pool.Id, user.sub)
    .map(({ doc }) => doc)
    .filter((session) => {
      const login = logins.find(call, session.login)
      return login !== undefined && login.revoked === null && login.expires > call.now
    })
    .reverse()
}

/** (?) The operations declare these refusals; their sentences are not known. */
const NO_SESSION = 'Session does not exist.'

/** Ends a session of this user and all its tokens; `linked` also the session of the pages that it came through. */
export function revokeSession(call: CognitoCall, pool: Pool, user: User, id: string, linked: boolean): void {
  const session = activeSessions(call, pool, user).find((candidate) => candidate.id === id)
  if (session === undefined) call.fail('ResourceNotFoundException', NO_SESSION)
  endSession(call, pool, user, session, { linked })
}

function endSession(call: CognitoCall, pool: Pool, user: User, session: UserSession, how: { linked: boolean }): void {
  const login = logins.find(call, session.login)
  if (login !== undefined) revokeLogin(call, login, how)
  userSessions.remove(call, pool.Id, user.sub, session.id)
}

/** Where an address lies is not looked up: its country is unknown, as the service says when it cannot tell. */
const NOWHERE = { Country: 'unknown' }

export function sessionView(session: UserSession, current?: Login): SessionDescriptionType {
  return {
    SessionId: session.id,
    SessionType: 'TOKEN',
    ClientId: session.client,
    CreateDate: session.created,
    LastActiveDate: session.active,
    DeviceType: session.device,
    LastIPAddress: session.ip,
    LastLocation: NOWHERE,
    OriginSessionId: session.origin,
    IsCurrentSession: session.login === current?.eventId,
  }
}

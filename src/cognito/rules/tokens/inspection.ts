import type { Call } from '../../../core/call.ts'
import { type Claims, decode, moment, openToken } from '../../../core/jwt.ts'
import { CognitoCall } from '../../call.ts'
import { clientHomes, pools, users } from '../../records.ts'
import { findDevice } from '../factors/devices.ts'
import { issuerOf, keysOf } from './issuer.ts'
import { logins } from './logins.ts'
import { ticketOf } from './refresh.ts'

/** What somebody expects of a token. */
export interface Expectation {
  use?: string | undefined
  client?: string | undefined
  scope?: string | undefined
}

export interface Inspection {
  kind: 'access' | 'id' | 'refresh' | 'unknown'
  header?: Claims | undefined
  claims?: Claims | undefined
  /** Why it is refused, everything that there is; empty for a token that is good. */
  problems: { rule: string; reason: string }[]
}

/** All that is wrong with a token, where the service itself says only the first of it; undefined if it is not of this vendor's making. */
export function inspectToken(call: Call, base: string, token: string, expected: Expectation): Inspection | undefined {
  const parts = token.split('.')
  if (parts.length === 5) return inspectRefreshToken(call, token, expected)
  const [header, claims] = parts.map(decode)
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined
  const poolId =
    String(claims.iss ?? '')
      .split('/')
      .at(-1) ?? ''
  if (!/^[\w-]+_[0-9A-Za-z]+$/.test(poolId)) return undefined

  const problems: Inspection['problems'] = []
  const say = (rule: string, reason: string) => problems.push({ rule, reason })
  const keys = keysOf(poolId, call.keyring).all
  if (header.alg !== 'RS256') say('alg', `It is signed by ${String(header.alg)}; only RS256 is taken.`)
  if (!keys.some(({ kid }) => kid === header.kid)) say('kid', `No key of the pool has the kid ${String(header.kid)}.`)
  else if (openToken(token, keys) === undefined)
    say('signature', 'The signature is not by the key that the header names: the token was changed.')

  const pool = pools.get(call, '', poolId)
  if (pool === undefined) say('iss', `There is no user pool ${poolId} in this namespace.`)
  else {
    const issuer = issuerOf({ settings: call.settings, origin: { ...call.origin, base } }, pool)
    if (claims.iss !== issuer) say('iss', `It names ${String(claims.iss)} as its issuer; under this address the issuer is ${issuer}.`)
  }
  const use = claims.token_use
  if (use !== 'access' && use !== 'id') say('token_use', `Its token_use is ${String(use)}, neither access nor id.`)
  if (expected.use !== undefined && expected.use !== use)
    say('token_use', `It is an ${String(use)} token where an ${expected.use} token is expected.`)
  const exp = Number(claims.exp)
  if (exp * 1000 <= call.now) say('exp', `It expired at ${moment(exp)}; the clock here says ${moment(call.now / 1000)}.`)
  if (Number(claims.iat) * 1000 > call.now)
    say('iat', `It was issued at ${moment(Number(claims.iat))}, after what the clock here says: ${moment(call.now / 1000)}.`)

  const client = String(use === 'id' ? claims.aud : claims.client_id)
  if (clientHomes.get(call, '', client)?.pool !== poolId) say('client', `The pool has no client ${client}.`)
  if (expected.client !== undefined && expected.client !== client) say('client', `It was issued to ${client}, not to ${expected.client}.`)
  const scopes = String(claims.scope ?? '').split(' ')
  if (expected.scope !== undefined && !scopes.includes(expected.scope))
    say('scope', `Its scopes are ${scopes.join(', ')}; ${expected.scope} is not among them.`)
  // A token that a client got for itself has nobody behind it.
  if (pool !== undefined && claims.event_id !== undefined) signInProblems(call, poolId, claims, say)
  return { kind: use === 'access' || use === 'id' ? use : 'unknown', header, claims, problems }
}

type Say = (rule: string, reason: string) => void

function signInProblems(call: Call, poolId: string, { sub, event_id: event }: Claims, say: Say): void {
  const user = users.get(call, poolId, String(sub))
  if (user === undefined) say('sub', `The pool has no user ${String(sub)}.`)
  else if (!user.Enabled) say('sub', `The user ${user.Username} is disabled.`)
  const login = logins.find(call, String(event))
  if (login === undefined) say('event_id', 'The sign-in that it came of is not known here.')
  else if (login.doc.expired !== undefined) {
    say('expired', `Whoever runs the emulator let it expire at ${moment(login.doc.expired / 1000)}.`)
  } else if (login.revoked !== null) say('event_id', `The sign-in that it came of was ended at ${moment(login.revoked / 1000)}.`)
}

function inspectRefreshToken(call: Call, token: string, expected: Expectation): Inspection | undefined {
  const ticket = ticketOf(call, token)
  if (ticket === undefined) return undefined
  const problems: Inspection['problems'] = []
  const say = (rule: string, reason: string) => problems.push({ rule, reason })
  const { pool: poolId, person, doc, expires, used } = ticket
  if (expected.use !== undefined && expected.use !== 'refresh')
    say('token_use', `It is a refresh token where an ${expected.use} token is expected.`)
  if (expires <= call.now) say('exp', `It expired at ${moment(expires / 1000)}; the clock here says ${moment(call.now / 1000)}.`)
  if (used !== null) say('rotation', `It was used at ${moment(used / 1000)}, and its client rotates refresh tokens.`)
  if (expected.client !== undefined && expected.client !== doc.client)
    say('client', `It was issued to ${doc.client}, not to ${expected.client}.`)
  signInProblems(call, poolId, { sub: person, event_id: doc.login }, say)
  const pool = pools.get(call, '', poolId)
  const user = users.get(call, poolId, person)
  const device = logins.find(call, doc.login)?.doc.device
  if (
    pool !== undefined &&
    user !== undefined &&
    device !== undefined &&
    findDevice(new CognitoCall(call.context, 'InspectToken'), pool, user, device) === undefined
  ) {
    say('device', `The device ${device} that it is tied to is forgotten.`)
  }
  return { kind: 'refresh', problems }
}

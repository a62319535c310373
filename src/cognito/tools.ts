import type { Call } from '../core/call.ts'
import { type Claims, peekToken, signToken } from '../core/jwt.ts'
import { CognitoCall } from './call.ts'
import { type Client, clientHomes, clients, type Pool, pools, type User, users } from './records.ts'
import { eventsOf } from './rules/threats/auth-events.ts'
import { keysOf } from './rules/tokens/issuer.ts'
import { endSignIn, logins } from './rules/tokens/logins.ts'
import { mint, openLogin } from './rules/tokens/mint.ts'
import { enqueueClaims } from './rules/tokens/next-claims.ts'
import { endRefreshTokens, issueRefreshToken, ticketOf } from './rules/tokens/refresh.ts'
import { arnOf } from './rules/triggers/triggers.ts'
import { find } from './rules/users/users.ts'

/** What whoever runs the emulator may do with this vendor's tokens and users, besides calling its operations. */

/** Whose tokens: a user by any login name or id, a client by its id or name, in the only pool that has both unless one is named. */
export interface Whose {
  user?: string | undefined
  client?: string | undefined
  pool?: string | undefined
}

export interface Order extends Whose {
  /** Milliseconds from now until they expire, also below zero; as the client is configured, if absent. */
  lasts?: number | undefined
  scope?: string | undefined
  /** Over all others, in both. */
  claims?: Claims | undefined
  /** The pool's PreTokenGeneration function is asked, as at a sign-in. */
  triggers?: boolean | undefined
}

export interface MintedTokens {
  accessToken: string
  idToken: string
  refreshToken: string
  expiresIn: number
  /** Whether the pool's PreTokenGeneration function was asked; `none` if it has none. */
  triggers: 'asked' | 'passed over' | 'none'
}

const acting = (call: Call, base = call.origin.base) => new CognitoCall({ ...call.context, origin: { ...call.origin, base } }, 'Tool')

/** Tokens as a sign-in gives them, with signatures that hold and a sign-in behind them; undefined if there is no such user or client. */
export function mintTokens(
  call: Call,
  base: string,
  { lasts, scope, claims = {}, triggers = false, ...whose }: Order,
): MintedTokens | undefined {
  const here = acting(call, base)
  const found = bearerOf(here, whose)
  if (found === undefined) return undefined
  const { client, user } = found
  // A function may be out of reach, or count what it is asked: only whoever says so has it asked.
  const pool: Pool = triggers ? found.pool : { ...found.pool, LambdaConfig: undefined }
  const login = openLogin(here, { pool, client, user, ...(scope === undefined ? {} : { scope }) })
  const bearer = { pool, client, user, login }
  const { AccessToken, IdToken, ExpiresIn } = mint(here, bearer)
  const keys = keysOf(pool.Id, here.keyring)
  const changed = { lasts, claims, now: call.now }
  return {
    accessToken: signToken(keys.access, shifted(AccessToken, changed)),
    idToken: signToken(keys.id, shifted(IdToken, changed)),
    refreshToken: issueRefreshToken(here, bearer),
    expiresIn: lasts === undefined ? ExpiresIn : Math.floor(lasts / 1000),
    triggers: arnOf(found.pool, 'PreTokenGeneration') === undefined ? 'none' : triggers ? 'asked' : 'passed over',
  }
}

/** What expired already was issued as long before as tokens of its kind last. */
function shifted(token: string, { lasts, claims, now }: { lasts: number | undefined; claims: Claims; now: number }): Claims {
  const before = peekToken(token) ?? {}
  if (lasts === undefined) return { ...before, ...claims }
  const exp = Math.floor((now + lasts) / 1000)
  const back = lasts > 0 ? 0 : Number(before.exp) - exp
  const times = { exp, iat: Number(before.iat) - back, auth_time: Number(before.auth_time) - back }
  return { ...before, ...times, ...claims }
}

/** Ends what was signed in, as if its time were over: by one of its tokens, or all of a user, at a client or everywhere. */
export function expireTokens(call: Call, { token, ...whose }: Whose & { token?: string | undefined }): number | undefined {
  const here = acting(call)
  if (token !== undefined) {
    const event = ticketOf(call, token)?.doc.login ?? peekToken(token)?.event_id
    const login = event === undefined ? undefined : logins.find(call, String(event))
    if (login === undefined) return undefined
    endSignIn(here, login)
    endRefreshTokens(here, login.doc.originJti)
    return 1
  }
  const user = userOf(here, whose)
  if (user === undefined) return undefined
  const client = whose.client === undefined ? undefined : clientOf(here, whose.client, user.pool.Id)
  if (whose.client !== undefined && client === undefined) return undefined
  const all = logins.ofPerson(call, user.pool.Id, user.user.sub).filter(({ doc }) => (client?.ClientId ?? doc.client) === doc.client)
  for (const login of all) {
    endSignIn(here, login)
    endRefreshTokens(here, login.doc.originJti)
  }
  return all.length
}

/** Claims for tokens to come; false if there is no such user or client. */
export function nextClaims(call: Call, order: Whose & { claims: Claims; use?: 'access' | 'id' | undefined; times: number }): boolean {
  const here = acting(call)
  const user = order.user === undefined ? undefined : userOf(here, order)
  const client = order.client === undefined ? undefined : clientOf(here, order.client, order.pool ?? user?.pool.Id)
  if ((order.user !== undefined && user === undefined) || (order.client !== undefined && client === undefined)) return false
  const { claims, use, times } = order
  enqueueClaims(here, { claims, use, times, client: client?.ClientId, user: user?.user.sub })
  return true
}

interface Found {
  pool: Pool
  user: User
}

function userOf(call: CognitoCall, { user: name, pool: poolId, client }: Whose): Found | undefined {
  if (name === undefined) return undefined
  const only = poolId ?? (client === undefined ? undefined : clientHomes.get(call, '', client)?.pool)
  for (const pool of pools.all(call, '')) {
    if (only !== undefined && pool.Id !== only) continue
    const user = users.get(call, pool.Id, name) ?? find(call, pool, name)
    if (user !== undefined) return { pool, user }
  }
  return undefined
}

function clientOf(call: CognitoCall, name: string, poolId: string | undefined): Client | undefined {
  const pool = poolId ?? clientHomes.get(call, '', name)?.pool
  const homes = pool === undefined ? pools.all(call, '').map(({ Id }) => Id) : [pool]
  const all = homes.flatMap((home) => clients.all(call, home))
  return all.find(({ ClientId }) => ClientId === name) ?? all.find(({ ClientName }) => ClientName === name)
}

function bearerOf(call: CognitoCall, whose: Whose): (Found & { client: Client }) | undefined {
  const found = userOf(call, whose)
  if (found === undefined) return undefined
  const client =
    whose.client === undefined ? clients.page(call, found.pool.Id, { limit: 1 }).items[0] : clientOf(call, whose.client, found.pool.Id)
  return client === undefined ? undefined : { ...found, client }
}

/** Short cuts to what operations do to a user. */
export const people = {
  find(call: Call, name: string): { id: string; about: Found } | undefined {
    const about = userOf(acting(call), { user: name })
    return about === undefined ? undefined : { id: about.user.sub, about }
  },
  /** The operation that does it, and its input. */
  deed(deed: string, { pool, user }: Found): { operation: string; input: object } | undefined {
    const operation = Object.hasOwn(DEEDS, deed) ? DEEDS[deed] : undefined
    return operation === undefined ? undefined : { operation, input: { UserPoolId: pool.Id, Username: user.Username } }
  },
  /** Newest first; kept where the pool has threat protection on. */
  events: (call: Call, { pool, user }: Found): object[] => eventsOf(acting(call), pool, user),
}

const DEEDS: Record<string, string> = {
  confirm: 'AdminConfirmSignUp',
  disable: 'AdminDisableUser',
  enable: 'AdminEnableUser',
  reset: 'AdminResetUserPassword',
  'sign-out': 'AdminUserGlobalSignOut',
}

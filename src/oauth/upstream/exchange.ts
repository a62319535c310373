import type { Call } from '../../core/call.ts'
import type { Claims } from '../../core/jwt.ts'
import { type Asked, type Inside, type Reach, type Reached, reachFrom } from './reach.ts'

/** A code for what its provider tells of a person: asked of the handler's outside, for it takes several requests. */
export interface Exchange {
  /** The address that we were called at. */
  own: string
  /** When it is, by our clock and by the machine's: a provider elsewhere goes by its own. */
  times: readonly number[]
  token: Asked
  /** Sent with every request. */
  headers: Readonly<Record<string, string>>
  /** Absent where the provider gives none. The secret is the key of tokens that are signed by HMAC. */
  idToken?: { issuer: string; audience: string; jwks?: string | undefined; secret?: string | undefined } | undefined
  /** Asked with the access token. */
  userInfo?: { url: string; method: 'GET' | 'POST' } | undefined
}

export type Exchanged =
  | { tokens: Claims; idToken: Claims; userInfo: Claims }
  /** In the provider's own words (RFC 6749, 5.2). */
  | { refused: { status: number; error: string; description: string } }
  /** The token endpoint's answer, if it is none of OAuth. */
  | { bad: { status: number; text: string } }
  | { unreached: string; how?: 'slow' | 'reset'; asking: 'token' | 'keys' | 'userInfo' }
  | { forged: Forgery }

/** What is wrong with an ID token. */
export type Forgery = {
  wrong: 'issuer' | 'audience' | 'signature' | 'key' | 'secretless' | 'expiry' | 'form' | 'subject'
  found: string
}

const KIND = 'oauth.exchange'

/** `occasion` tells this sign-in from others: what is sent may differ from run to run, for signatures and clocks do. */
export function exchanged(call: Call, occasion: string, exchange: Omit<Exchange, 'own' | 'times'>): Exchanged {
  const { now, origin } = call
  const question: Exchange = { ...exchange, own: origin.base, times: [now, call.context.namespace.clock.real] }
  return call.ask<Exchanged>(KIND, question, occasion)
}

export function exchangeAnswers(inside: Inside): Record<string, (exchange: Exchange) => Promise<Exchanged>> {
  return {
    [KIND]: (exchange) => {
      const reach = reachFrom(exchange.own, inside)
      return exchangeWith((asked) => reach({ ...asked, headers: { ...exchange.headers, ...asked.headers } }), exchange)
    },
  }
}

async function exchangeWith(reach: Reach, { token, idToken: expected, userInfo, times }: Exchange): Promise<Exchanged> {
  const answer = await reach(token)
  const tokens = objectIn(answer)
  if ('unreached' in answer) return { ...answer, asking: 'token' }
  if (answer.status !== 200 || typeof tokens?.access_token !== 'string') {
    if (typeof tokens?.error !== 'string') return { bad: { status: answer.status, text: answer.text } }
    return { refused: { status: answer.status, error: tokens.error, description: String(tokens.error_description ?? '') } }
  }
  let idToken: Claims = {}
  if (expected !== undefined) {
    const opened = await open(reach, String(tokens.id_token ?? ''), expected, times)
    if (!('claims' in opened)) return opened
    idToken = opened.claims
  }
  if (userInfo === undefined) return { tokens, idToken, userInfo: {} }
  const authorization = `Bearer ${tokens.access_token}`
  const told = await reach({ ...userInfo, headers: { authorization }, ...(userInfo.method === 'POST' ? { form: {} } : {}) })
  const claims = objectIn(told)
  if ('unreached' in told) return { ...told, asking: 'userInfo' }
  if (told.status !== 200 || claims === undefined) return { unreached: `${userInfo.url} answered ${told.status}`, asking: 'userInfo' }
  // An answer about somebody else is none (OpenID Connect Core, 5.3.2).
  if (expected !== undefined && claims.sub !== undefined && claims.sub !== idToken.sub) {
    return { forged: { wrong: 'subject', found: String(claims.sub) } }
  }
  return { tokens, idToken, userInfo: claims }
}

/** Verified with the issuer's keys, for us, for this sign-in, now. */
async function open(
  reach: Reach,
  token: string,
  { issuer, audience, jwks, secret = '' }: NonNullable<Exchange['idToken']>,
  times: readonly number[],
): Promise<{ claims: Claims } | Exclude<Exchanged, { tokens: Claims }>> {
  // Only a sign-in by another provider needs it.
  const jose = await import('jose')
  const options = { issuer, audience, requiredClaims: ['sub', 'exp', 'iat'] }
  let verify: (currentDate: Date) => Promise<{ payload: Claims }>
  const hmac = hmacOf(token)
  if (hmac !== undefined) {
    // Without a secret anybody could have made it.
    if (secret === '') return { forged: { wrong: 'secretless', found: hmac } }
    const key = new TextEncoder().encode(secret)
    verify = (currentDate) => jose.jwtVerify(token, key, { ...options, currentDate, algorithms: ['HS256', 'HS384', 'HS512'] })
  } else {
    // By which of its keys, a provider says (guide, OIDC providers).
    if (typeof headerOf(token).kid !== 'string') return { forged: { wrong: 'key', found: '' } }
    const url = jwks ?? (await discovered(reach, issuer))
    if (typeof url !== 'string') return { ...url, asking: 'keys' }
    const answer = await reach({ url, method: 'GET' })
    if ('unreached' in answer) return { ...answer, asking: 'keys' }
    const keys = objectIn(answer)
    if (answer.status !== 200 || !Array.isArray(keys?.keys)) return { unreached: `${url} answered ${answer.status}`, asking: 'keys' }
    const set = jose.createLocalJWKSet(keys as { keys: [] })
    verify = (currentDate) => jose.jwtVerify(token, set, { ...options, currentDate })
  }
  let failure: unknown
  for (const time of times) {
    try {
      const { payload } = await verify(new Date(time))
      // No nonce is asked for, so none is looked at: a provider may put in one of its own.
      return { claims: payload }
    } catch (error) {
      if (!(error instanceof jose.errors.JOSEError)) throw error
      failure = error
    }
  }
  return { forged: forgeryOf(failure as { code: string; claim?: string; payload?: Claims; message: string }) }
}

/** The algorithm, if it is one whose key is the client's secret; a provider's published keys are none of that kind. */
function hmacOf(token: string): string | undefined {
  const { alg } = headerOf(token)
  return typeof alg === 'string' && /^HS(256|384|512)$/.test(alg) ? alg : undefined
}

function headerOf(token: string): Claims {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'))
    return typeof header === 'object' && header !== null ? (header as Claims) : {}
  } catch {
    return {}
  }
}

const CLAIMS: Readonly<Record<string, Forgery['wrong']>> = { iss: 'issuer', aud: 'audience', exp: 'expiry', nbf: 'expiry' }

function forgeryOf({ code, claim = '', payload, message }: { code: string; claim?: string; payload?: Claims; message: string }): Forgery {
  const wrong = CLAIMS[claim]
  if (wrong !== undefined) return { wrong, found: String(payload?.[claim] ?? '') }
  const signature = code.startsWith('ERR_JWS_SIGNATURE') || code.startsWith('ERR_JWKS')
  return { wrong: signature ? 'signature' : 'form', found: message }
}

async function discovered(reach: Reach, issuer: string): Promise<string | { unreached: string; how?: 'slow' | 'reset' }> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await reach({ url, method: 'GET' })
  if ('unreached' in answer) return answer
  const found = objectIn(answer)?.jwks_uri
  return typeof found === 'string' ? found : { unreached: `${url} names no jwks_uri` }
}

function objectIn(reached: Reached): Claims | undefined {
  if ('unreached' in reached) return undefined
  try {
    const value: unknown = JSON.parse(reached.text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

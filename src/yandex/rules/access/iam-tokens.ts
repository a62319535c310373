import { constants, verify } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { peekToken } from '../../../core/jwt.ts'
import { tickets } from '../../../directory/tickets.ts'
import type { YandexCall } from '../../call.ts'
import { DEMO_OAUTH_TOKEN, DEMO_SUBJECT, settingsOf } from '../../settings.ts'
import { SIGN_IN } from '../running/audit.ts'
import { signIn } from '../users/sign-in.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'

/** As long as the service's live at most. */
const LIFETIME = 12 * 3_600_000

/** Where tokens lie: apart from what belongs to one userpool. */
export const POOL = 'yandex'

/** `mustChange`: it is good for nothing but changing the password. `grant`: an OAuth application got it for its user. */
interface Issued {
  mustChange?: boolean
  grant?: { client: string; scopes: readonly string[] }
}

export const issued = tickets<Issued>('yandex.iam-token')

/** `t1.<a>.<b>`: clients tell IAM tokens from others by that shape (yandex-idp 2). */
export function issueToken(
  call: Call,
  subject: string,
  { lifetime = LIFETIME, family = '', ...doc }: Issued & { lifetime?: number; family?: string } = {},
): { token: string; expires: number } {
  const token = `t1.${call.random.text(48, ALPHABET)}.${call.random.text(86, ALPHABET)}`
  const expires = call.now + lifetime
  issued.issue(call, token, { pool: POOL, person: subject, family, expires, doc })
  return { token, expires }
}

/** None of a subject's tokens holds any more. */
export function forgetTokens(call: Call, subject: string): void {
  issued.removePerson(call, POOL, subject)
}

/** Whose token it is, if it is one of ours and holds. */
export function holderOf(call: Pick<Call, 'store' | 'now'>, token: string): { subject: string; mustChange: boolean } | undefined {
  const found = token.startsWith('t1.') ? issued.find(call, token) : undefined
  if (found === undefined || found.expires <= call.now || found.revoked !== null) return undefined
  return { subject: found.person, mustChange: found.doc.mustChange === true }
}

/** It holds no more; answers whose it was. */
export function revokeToken(call: Call, token: string): string | undefined {
  const holder = holderOf(call, token)
  const found = issued.find(call, token)
  if (holder !== undefined && found !== undefined) issued.remove(call, found)
  return holder?.subject
}

/** There are no pages to get a user's OAuth token from: `login:<username>:<password>` stands for one. */
const LOGIN = /^login:([^:]+):(.+)$/s

/** Who is behind an OAuth token: with `auth: strict` it must be the one that was configured, or a user's. */
export function ownerOfOauthToken(call: YandexCall, token: string): { subject: string; mustChange?: boolean } {
  const login = LOGIN.exec(token)
  if (login !== null) {
    const { user, mustChange } = signIn(call, login[1] as string, login[2] as string)
    call.note({ event: SIGN_IN })
    return { subject: user.id, mustChange }
  }
  const { auth, oauthToken = DEMO_OAUTH_TOKEN } = settingsOf(call)
  if (auth === 'strict' && token !== oauthToken) call.fail('UNAUTHENTICATED', 'OAuth token is invalid or expired')
  return { subject: DEMO_SUBJECT }
}

/** The longest life of a service account's assertion, and how far clocks may differ. */
const MOST_SECONDS = 3600
const SKEW_SECONDS = 300

/**
 * The service account that signed a JWT (PS256, yandex-idp 2), or a refusal. Without `auth: strict` one whose key nobody
 * registered is believed.
 */
export function serviceAccountOf(call: YandexCall, jwt: string): string {
  const wrong = (message: string): never => call.fail('UNAUTHENTICATED', message)
  const claims = peekToken(jwt)
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const { alg, kid } = headerOf(header)
  if (claims === undefined || alg !== 'PS256' || typeof claims.iss !== 'string')
    return wrong('JWT must be signed with PS256 by a service account')
  const { iss, aud, iat, exp } = claims
  if (typeof aud !== 'string' || !aud.endsWith('/iam/v1/tokens')) return wrong('JWT is not for /iam/v1/tokens')
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > MOST_SECONDS) return wrong('JWT must live for an hour at most')
  const now = call.now / 1000
  if (exp <= now - SKEW_SECONDS || iat > now + SKEW_SECONDS) return wrong('JWT has expired or is not valid yet')

  const { serviceAccountKeys = [], auth } = call.room
  const key = serviceAccountKeys.find(({ id, service_account_id }) => id === kid && service_account_id === iss)
  if (key === undefined) return auth === 'strict' ? wrong(`Key ${String(kid)} of service account ${iss} not found`) : iss
  const pss = { key: key.public_key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  const genuine = verify('sha256', Buffer.from(`${header}.${payload}`), pss, Buffer.from(signature, 'base64url'))
  return genuine ? iss : wrong('JWT signature is invalid')
}

function headerOf(part: string): { alg?: unknown; kid?: unknown } {
  return (peekToken(`.${part}.`) ?? {}) as { alg?: unknown; kid?: unknown }
}

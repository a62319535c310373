import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import type { Claims } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { Provider } from '../../records.ts'
import { refuseHere } from './refusing.ts'

const AUDIENCE = 'https://appleid.apple.com'
const LIFETIME = 300

/** What Apple's clients show for a secret: a token of their own making, signed with the key that Apple gave them. */
export function appleSecret(call: Call, provider: Provider): string | undefined {
  const { ProviderDetails: details, Hidden } = provider
  const key = keyIn(Hidden?.private_key ?? '')
  // A key that is none proves nothing; the one upstream that takes it is our own.
  if (key === undefined) return undefined
  const iat = Math.floor(call.now / 1000)
  const claims = { iss: details.team_id, iat, exp: iat + LIFETIME, aud: AUDIENCE, sub: details.client_id }
  const text = [{ alg: 'ES256', kid: details.key_id }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** Whether Apple would take it: signed with that key, by that team, for that client, not too late. */
export function isAppleSecret(call: Call, { ProviderDetails: details, Hidden }: Provider, shown: string): boolean {
  const key = keyIn(Hidden?.private_key ?? '')
  if (key === undefined) return true
  const [head = '', body = '', signature = ''] = shown.split('.')
  const signed = { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' as const }
  if (!verify('sha256', Buffer.from(`${head}.${body}`), signed, Buffer.from(signature, 'base64url'))) return false
  const [{ kid }, { iss, sub, aud, exp }] = [head, body].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString())) as [
    Claims,
    Claims,
  ]
  const right = kid === details.key_id && iss === details.team_id && sub === details.client_id && aud === AUDIENCE
  return right && typeof exp === 'number' && exp * 1000 > call.now
}

function keyIn(text: string): KeyObject | undefined {
  const body = text.replace(/-----[A-Z ]+-----|\s/g, '')
  try {
    const key = createPrivateKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'pkcs8' })
    return key.asymmetricKeyType === 'ec' ? key : undefined
  } catch {
    return undefined
  }
}

/**
 * What Apple tells but once, beside the code, of somebody who comes to this client for the first time. Nobody has signed it, so only the
 * name is taken: the address stands in the ID token. The parts are called as the service's mappings call them; (?) `name` is both.
 */
export function namesIn(call: CognitoCall, introduced: string | undefined): Claims {
  if (introduced === undefined) return {}
  let user: { name?: { firstName?: unknown; lastName?: unknown } } | null
  try {
    user = JSON.parse(introduced)
  } catch {
    return refuseHere(call, 'Exception processing authorization code', 'server_error')
  }
  const { firstName, lastName } = user?.name ?? {}
  const parts = [firstName, lastName].filter((part) => typeof part === 'string' && part !== '')
  return {
    ...(typeof firstName === 'string' ? { firstName } : {}),
    ...(typeof lastName === 'string' ? { lastName } : {}),
    ...(parts.length > 0 ? { name: parts.join(' ') } : {}),
  }
}

import type { Call } from '../core/call.ts'
import type { OAuthClient, Realm } from './realm.ts'
import { refuse } from './refusal.ts'
import type { Web } from './web.ts'

interface Shown {
  id: string
  /** None, or what it may be: the sender may have encoded it or not. */
  secrets: readonly string[]
  by: 'basic' | 'post'
}

/** The client that this request comes from: a confidential one shows its secret, a public one only says who it is (RFC 6749, 2.3). */
export function authenticate(call: Call, realm: Realm, web: Web): OAuthClient {
  const shown = credentials(web)
  if (shown === undefined) return refuse('invalid_client', 'The request does not say which client it comes from.')
  const client = realm.client(call, web, shown.id)
  if (client === undefined) return refuse('invalid_client', `There is no client ${shown.id} at ${web.host}.`)
  if (client.unusable !== undefined) return refuse('unauthorized_client', client.unusable)
  if (!client.confidential) {
    return shown.secrets.every((secret) => secret === '') ? client : refuse('invalid_client', 'The client has no secret, yet one was sent.')
  }
  if (shown.secrets.length === 0) return refuse('invalid_client', 'The client has a secret, and none was sent.')
  if (client.authentication?.has(shown.by) === false) {
    return refuse('invalid_client', `The client may not send its secret by the ${shown.by} method.`)
  }
  return shown.secrets.some((secret) => client.knowsSecret(secret))
    ? client
    : refuse('invalid_client', 'The secret is not the one of the client.')
}

const BASIC = /^basic\s+(\S+)\s*$/i

function credentials({ authorization, form }: Web): Shown | undefined {
  if (authorization === undefined) {
    const { client_id: id, client_secret: secret } = form
    return id === undefined ? undefined : { id, secrets: secret === undefined ? [] : [secret], by: 'post' }
  }
  const coded = BASIC.exec(authorization)?.[1]
  if (coded === undefined) return refuse('invalid_client', 'The Authorization header is not of the Basic scheme.')
  const pair = Buffer.from(coded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon === -1) return refuse('invalid_client', 'The Authorization header holds no id and secret.')
  const id = decoded(pair.slice(0, colon))
  if (form.client_id !== undefined && form.client_id !== id) {
    return refuse('invalid_client', 'The client_id of the body is not the one of the Authorization header.')
  }
  const plain = pair.slice(colon + 1)
  const secrets = [...new Set([decoded(plain), plain])]
  if (contradicts(form, secrets)) {
    return refuse('invalid_client', 'The client_secret of the body is not the one of the Authorization header.')
  }
  return { id, secrets, by: 'basic' }
}

/**
 * (?) One way at a time is the rule (RFC 6749, 2.3). Clients that say the same thing twice are understood, for nothing public says that they
 * are not.
 */
function contradicts({ client_secret: secret }: Web['form'], secrets: readonly string[]): boolean {
  return secret !== undefined && !secrets.includes(secret)
}

/** Both halves are form-encoded by the book (RFC 6749, 2.3.1), and plain from many clients. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    return text
  }
}

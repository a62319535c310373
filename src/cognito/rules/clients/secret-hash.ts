import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CognitoCall } from '../../call.ts'
import type { Client } from '../../records.ts'
import { secretsOf } from './secrets.ts'

/** The sign-up family and the sign-in family word a missing hash differently (cognito-facts 119). */
const MISSING = {
  'sign-up': (id: string) => `Client ${id} is configured for secret but secret was not received`,
  'sign-in': (id: string) => `Client ${id} is configured with secret but SECRET_HASH was not received`,
} as const

/** A client with a secret proves that it knows it; one without must not pretend to (S14, L9). */
export function requireSecretHash(
  call: CognitoCall,
  client: Client,
  username: string,
  given: string | undefined,
  style: keyof typeof MISSING,
): void {
  requireHashSent(call, client, given, style)
  if (!matchesSecretHash(client, [username], given)) {
    call.fail('NotAuthorizedException', `Unable to verify secret hash for client ${client.ClientId}`)
  }
}

/** Whether a hash came along, whatever it is made over: a client without a secret sends none. */
export function requireHashSent(call: CognitoCall, client: Client, given: string | undefined, style: keyof typeof MISSING): void {
  const secret = secretsOf(client).length > 0
  if (secret && given === undefined) call.fail('NotAuthorizedException', MISSING[style](client.ClientId))
  if (!secret && given !== undefined) {
    call.fail('InvalidParameterException', `App client ${client.ClientId} is not configured for secret but secret hash was received`)
  }
}

/** Whether the hash is made over one of these names. */
export function matchesSecretHash(client: Client, usernames: readonly string[], given: string | undefined): boolean {
  const secrets = secretsOf(client)
  if (secrets.length === 0) return given === undefined
  return secrets.some((secret) => usernames.some((username) => equal(secretHash(secret, username, client.ClientId), given ?? '')))
}

/** Whether this is the client's secret itself, which some operations take in the place of a hash; a client without one sends none. */
export function knowsSecret(client: Client, given: string | undefined): boolean {
  const secrets = secretsOf(client)
  return secrets.length === 0 ? given === undefined : given !== undefined && secrets.some((secret) => equal(secret, given))
}

/** base64(HMAC-SHA256(secret, username + client id)) (cognito-facts 120). */
export function secretHash(secret: string, username: string, clientId: string): string {
  return createHmac('sha256', secret).update(`${username}${clientId}`).digest('base64')
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

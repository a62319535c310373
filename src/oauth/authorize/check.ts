import type { Call } from '../../core/call.ts'
import type { OAuthClient, Person, Realm } from '../realm.ts'
import { type OAuthError, refuse } from '../refusal.ts'
import { type Params, type Web, withFragment, withQuery } from '../web.ts'

export type ResponseType = 'code' | 'token'

/** A request for authorization of which every part was checked. */
export interface Authorization {
  client: OAuthClient
  redirectUri: string
  responseType: ResponseType
  scopes: readonly string[]
  state?: string | undefined
  nonce?: string | undefined
  /** Of PKCE. */
  challenge?: string | undefined
  resource?: string | undefined
  prompts: ReadonlySet<string>
  /** Seconds. */
  maxAge?: number | undefined
  /** How strong the proof is to be: the vendor's numbers, the most wanted first. */
  levels?: readonly number[] | undefined
  /** As it came, for what the pages make of it. */
  params: Params
  /** Where the browser goes with somebody who signed in, if not to the client with a code or tokens: for other protocols at the same pages. */
  conclude?: ((call: Call, person: Person) => string) | undefined
}

/** A request while it is being checked: `found` is what the checks so far made of it. */
export interface Inquiry {
  call: Call
  realm: Realm
  web: Web
  params: Params
  found: Partial<Authorization>
}

/** One rule about authorization requests. One file each in this folder: refuses, or says what it found. */
export type Check = (inquiry: Inquiry) => Partial<Authorization>

/** Refuses a request whose client and address are known: its answer goes there. */
export function refuseBack({ realm, found, params }: Inquiry, error: OAuthError, reason: string): never {
  const { redirectUri, responseType } = found
  if (redirectUri === undefined) return refuse(error, reason)
  return refuse(error, reason, { back: errorAt(realm, { redirectUri, responseType, state: params.state }, error, reason) })
}

/** The client's address with an error in it. */
export function errorAt(
  realm: Realm,
  { redirectUri, responseType, state }: { redirectUri: string; responseType?: ResponseType | undefined; state?: string | undefined },
  error: OAuthError,
  reason: string,
): string {
  const told = realm.quirks.authorizationError(error, reason)
  const answer = { error_description: told.description, state, error: told.error }
  return responseType === 'token' ? withFragment(redirectUri, answer) : withQuery(redirectUri, answer)
}

import type { KeyObject } from 'node:crypto'
import type { Call } from '../core/call.ts'

/** Where the built-in upstream lies: `/_/upstream/<pool>/<provider>/…` */
export const UPSTREAM = '/_/upstream'

/** A person to let in without a page, beside `login_hint`, where providers know none. */
export const HINT = 'poolhouse_hint'

/** Somebody who relies on this upstream, as if it were the provider that they registered with. */
export interface Party {
  /** What the upstream calls itself on its page: `Google`. */
  title: string
  /** Who it says it is: the `iss` of its ID tokens, its SAML entity ID. People are one issuer's, whoever relies on it. */
  issuer: string
  protocol: 'openid' | 'oauth' | 'saml'
  /** Whether there is no ID token without the scope `openid`. */
  asksForOpenid: boolean
  /** The client's id, or the entity ID of a service provider. */
  client: string
  /** As clients show it, or how it is known; undefined where they show none. */
  secret: string | ((shown: string) => boolean) | undefined
  /** Whether it tells a client names and addresses by a form only, and names at the first time only, as Apple does. */
  introduces?: boolean
  /** The claim that holds a person's id. */
  subject: string
  /** Claims that the party makes something of: those the page asks for. */
  claims: readonly string[]
  /** Whether answers may go to this address. */
  mayReturn(address: string): boolean
  /** With what a service provider of SAML signs, and whether it signs requests to sign in. */
  requestKey?: KeyObject | undefined
  signsRequests?: boolean | undefined
  /** Where a service provider hears that somebody is signed out, who signed in at this address of it. */
  signOutAt(acs: string): string
  /** An id in the manner of the provider. */
  newId(call: Call): string
  /** Whether a person whom the request names comes in without a page. */
  instant: boolean
}

/** Who relies on us under that pool and name, if anybody does. */
export type Registry = (call: Call, pool: string, name: string) => Party | undefined

import type { Call } from '../../core/call.ts'
import type { OAuthClient, Realm, Tokens } from '../realm.ts'
import type { Params } from '../web.ts'

/** What a request for tokens brings, once its client is known. */
export interface Request {
  call: Call
  realm: Realm
  client: OAuthClient
  form: Params
}

/** One way to get tokens. One file each in this folder. */
export interface Grant {
  name: string
  /** Whether the vendor has it; every vendor unless the grant says otherwise. */
  servedBy?(realm: Realm): boolean
  give(request: Request): Tokens
}

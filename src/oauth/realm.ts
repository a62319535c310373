import type { Call } from '../core/call.ts'
import type { Claims } from '../core/jwt.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Authorization } from './authorize/check.ts'
import type { Leading } from './authorize/index.ts'
import type { Key } from './pages/languages.ts'
import type { LinkRoute, Look, Pages } from './pages/page.ts'
import type { OAuthError } from './refusal.ts'
import type { Params, Web } from './web.ts'

/** How a client may get tokens. */
export type Flow = 'code' | 'implicit' | 'client_credentials'

/** A client as the protocol sees it; what else a vendor knows of it, the vendor finds again by its id. */
export interface OAuthClient {
  id: string
  /** Whose people sign in through it: sessions and codes belong there. */
  pool: string
  redirects: readonly string[]
  /** For requests that name none. */
  defaultRedirect?: string | undefined
  /** Where people may be led after they signed out. */
  logouts: readonly string[]
  flows: ReadonlySet<Flow>
  scopes: readonly string[]
  /** Whether it may come to these endpoints at all. */
  enabled: boolean
  /** Why nobody may use it as things are, in a sentence. */
  unusable?: string | undefined
  /** Whether it has a secret. */
  confidential: boolean
  /** How it may show that it knows its secret; both unless the vendor lets clients choose. */
  authentication?: ReadonlySet<'basic' | 'post'> | undefined
  knowsSecret(secret: string): boolean
  requiresPkce: boolean
  /** For how many minutes after a sign-in people are not asked again. */
  reuseMinutes: number
}

/** Somebody who signed in. */
export interface Person {
  /** Their id in the pool. */
  id: string
  /** Epoch seconds of the proof. */
  authTime: number
  /** The session of the pages that it came of, by its id. */
  session: string
  /** What the vendor keeps of what they have proven. */
  proof?: unknown
}

/** What tokens are made for. */
export interface Entitlement {
  client: OAuthClient
  person: Person
  scopes: readonly string[]
  nonce?: string | undefined
  /** The levels of authentication that the request asked for. */
  levels?: readonly number[] | undefined
  /** For whom the access token is meant (RFC 8707). */
  resource?: string | undefined
}

/** Members of a token answer. */
export type Tokens = Record<string, string | number | undefined>

/** Where each endpoint lies. What a vendor does not have, is absent. */
export interface Paths {
  authorize: string
  token: string
  userInfo?: string
  revoke?: string
  logout?: string
  /** The page that tells a person what is wrong with a request that cannot go back to its client. */
  error: string
}

/** The port: what a vendor brings to the protocol. All of it runs inside one call, synchronously. */
export interface Realm {
  /** Whose calls these are, for the journal and for faults. */
  readonly room: string
  readonly paths: Paths
  readonly quirks: Quirks
  readonly pages: Pages
  /** By path. */
  readonly links?: Readonly<Record<string, LinkRoute>>

  /** The base URL that tokens name as their issuer's, where that is not the one of the request. */
  issuerBase?(web: Web, base: string): string
  /** The client of that id, if it may be served at this address. */
  client(call: Call, web: Web, id: string): OAuthClient | undefined
  /** Whether that person may still come in with a session of before. */
  admits(call: Call, client: OAuthClient, person: string): boolean
  /** Why somebody who is signed in gets no answer for this client; the client is told. */
  bars?(call: Call, client: OAuthClient, person: string): { error: OAuthError; reason: string } | undefined
  /** What the pages were opened for, where that is not an authorization request. */
  asked?(call: Call, web: Web): Authorization | undefined
  /** What scopes mean together, and those of a request that names none; a text says what is wrong with them. */
  scopes(call: Call, client: OAuthClient, asked: readonly string[] | undefined): readonly string[] | string
  /** Those of the levels of authentication asked for that there are here; undefined where the request for them is passed over. */
  levels?(call: Call, client: OAuthClient, asked: readonly string[]): readonly number[] | undefined
  /** Whether what somebody has proven is as strong as a request wants it. */
  suffices?(call: Call, asked: Authorization, person: Person): boolean
  /** How pages look, for this client or for nobody in particular. */
  look(call: Call, client: OAuthClient | undefined): Look
  /** What a page says, in its own language, of a refusal by the vendor's rules; undefined for the vendor's own sentence. */
  words(refusal: { name: string; message: string }): Key | undefined
  /** The field of a page that it is about: the end of its name. */
  blames?(refusal: { name: string; message: string }): string | undefined
  /** Whether `prompt` means anything at this address. */
  heedsPrompt?(call: Call, web: Web, client: OAuthClient): boolean
  /** Whether a request shows a page, or goes to another identity provider, although its session would do; else where it wants an account chosen. */
  asksAnyway?(call: Call, asked: Authorization): boolean
  /** Whether the audience of access tokens may be called that. */
  takesResource?(resource: string): boolean
  /** Whether the pages that a client has at this address speak more languages than English. */
  translates?(call: Call, web: Web, client: OAuthClient): boolean
  /** Where a person who is not signed in is sent, as a path of the pages. */
  entrance(call: Call, authorization: Authorization): string

  /** Whether a session of before is of the identity provider that this request is about. */
  resumes?(call: Call, authorization: Authorization, session: Person): boolean
  /** Where somebody is sent whom another identity provider is to sign in: the request says so, or nobody else may. */
  elsewhere?(call: Call, web: Web, authorization: Authorization): Leading | undefined
  /** Where those come back who were sent elsewhere, by path. */
  readonly landings?: Readonly<Record<string, Landing>>
  /** The way by which those go who signed in elsewhere and now sign out here: `via` is what was kept of it, `to` where they want to end. */
  partings?(call: Call, web: Web, client: OAuthClient, via: unknown, to: string): string

  /** What of a request for authorization is not built here, in a sentence. */
  unserved?(params: Params): string | undefined
  /** Somebody to sign in without being asked, where whoever runs the emulator allows it: the person's id. */
  instant?(call: Call, authorization: Authorization): string | undefined

  /** Tokens for a person who signed in; the refresh token only with `refresh`. */
  grant(call: Call, entitlement: Entitlement, how: { refresh: boolean }): Tokens
  refresh(call: Call, client: OAuthClient, token: string, form: Params): Tokens
  /** Tokens for the client itself, where the vendor has such. */
  clientTokens?(call: Call, client: OAuthClient, scopes: readonly string[] | undefined, form: Params): Tokens
  /** What an access token lets its bearer know of its person; refuses with `invalid_token` or `invalid_request`. */
  claims(call: Call, token: string | undefined): Claims
  revoke(call: Call, client: OAuthClient, token: string): void
  /** How a refusal of the vendor's own rules is called in the protocol. */
  translate(refusal: Refusal, at: 'authorize' | 'token' | 'userInfo'): { error: string; description?: string | undefined }
}

/** An address that browsers are led to by others. */
export interface Landing {
  /** For the journal and for faults. */
  name: string
  methods: readonly ('GET' | 'POST')[]
  land(call: Call, web: Web): Leading
}

/** In what the vendor's form of the protocol differs. */
export interface Quirks {
  /** How long a code is good for, in seconds. */
  codeLifetime: number
  challengeMethods: readonly string[]
  /** Statuses of refused token requests that are not 400. */
  tokenStatuses: Readonly<Record<string, number>>
  revokeStatuses: Readonly<Record<string, number>>
  /** Whether token refusals say why, in `error_description`. */
  describesTokenErrors: boolean
  /** What the token endpoint answers to a code with another redirect_uri than its own, and to one without any. */
  redirectErrors: Readonly<{ other: OAuthError; none: OAuthError }>
  /** The content type of token answers. */
  tokenContentType: string
  /** What `error` and `error_description` a client's address gets for a refused authorization. */
  authorizationError(error: string, reason: string): { error: string; description?: string | undefined }
  /** Name of the cookie that holds a pool's session. */
  sessionCookie(pool: string): string
  csrfCookie: string
  /** Name of the cookie that keeps the language somebody chose, where pages go by that and not by what browsers ask for. */
  languageCookie?: string
  /** Name of the cookie that holds how far a sign-in has come. */
  stepCookie: string
}

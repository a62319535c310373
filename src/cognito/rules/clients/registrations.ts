import { openToken } from '../../../core/jwt.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { CognitoCall } from '../../call.ts'
import type { CreateUserPoolClientRequest, OAuthFlowType } from '../../contract/types.ts'
import { invoke } from '../../invoke.ts'
import { type Client, clients, type Pool, providers } from '../../records.ts'
import { keysOf } from '../tokens/issuer.ts'
import { OWN_PROVIDER, OWN_SCOPES, REGISTER_SCOPE, wrongUrl } from './oauth.ts'

/** What RFC 7591 calls the metadata of a client, as far as a user pool's clients know it. */
export interface Metadata {
  client_name: string
  redirect_uris: string[]
  grant_types: string[]
  response_types: string[]
  token_endpoint_auth_method: string
  scope: string
}

export interface Registration extends Metadata {
  client_id: string
  client_id_issued_at: number
  client_secret?: string
  /** 0: never. */
  client_secret_expires_at?: number
}

type Words = 'invalid_redirect_uri' | 'invalid_client_metadata' | 'invalid_request' | 'invalid_token'

/** Refuses in the words of RFC 7591 and RFC 6750. */
function refuse(error: Words, reason: string): never {
  throw new Refusal(error, reason)
}

const GRANTS: Readonly<Record<string, OAuthFlowType | undefined>> = {
  authorization_code: 'code',
  implicit: 'implicit',
  client_credentials: 'client_credentials',
}

/** (?) What may be registered where the pool's DcrConfiguration names no grant types, or no scopes. */
const DEFAULT_GRANTS: readonly OAuthFlowType[] = ['code']
const DEFAULT_SCOPES: readonly string[] = ['openid', 'email', 'phone', 'profile']

/** (?) The name of a client that gives itself none; RFC 7591 leaves it out. */
const NAMELESS = 'DCR client'

/** RFC 7591: what is meant where nothing is said. */
const DEFAULTS = { grants: ['authorization_code'], method: 'client_secret_basic' } as const
const METHODS: readonly string[] = ['none', 'client_secret_basic', 'client_secret_post']

// (?) The guide says what is checked, not in which words.
const OFF = 'Dynamic client registration is not enabled for the user pool.'
const NO_TOKEN = 'Open registration is not enabled for the user pool: an initial access token is required.'
const BAD_TOKEN = `The initial access token is not valid, or does not have the scope ${REGISTER_SCOPE}.`

/** Makes an app client for who asks for one, if the pool lets it (developer guide, dynamic client registration; RFC 7591). */
export function register(
  call: CognitoCall,
  pool: Pool,
  bearer: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Registration {
  const { EnableStatus, OpenDcrEnabled, OpenDcrGrantTypes, AuthenticatedGrantTypes, AllowedScopes } = pool.DcrConfiguration ?? {}
  if (EnableStatus !== 'Enabled') refuse('invalid_request', OFF)
  if (bearer === undefined && OpenDcrEnabled !== true) refuse('invalid_token', NO_TOKEN)
  if (bearer !== undefined) checkInitialToken(call, pool, bearer)
  const grants = (bearer === undefined ? OpenDcrGrantTypes : AuthenticatedGrantTypes) ?? DEFAULT_GRANTS
  const asked = metadataOf(given, grants, AllowedScopes ?? DEFAULT_SCOPES)

  const secret = asked.token_endpoint_auth_method !== 'none'
  const flows = asked.grant_types.map((grant) => GRANTS[grant]).filter((flow) => flow !== undefined)
  const input: CreateUserPoolClientRequest = {
    UserPoolId: pool.Id,
    ClientName: asked.client_name,
    GenerateSecret: secret,
    CallbackURLs: asked.redirect_uris,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: flows,
    AllowedOAuthScopes: asked.scope.split(' '),
    SupportedIdentityProviders: [OWN_PROVIDER, ...providers.all(call, pool.Id).map(({ ProviderName }) => ProviderName)],
  }
  const { UserPoolClient } = invoke('CreateUserPoolClient', input, call.context) as { UserPoolClient: Client }
  const client = clients.update(call, pool.Id, UserPoolClient.ClientId, (made) => ({ ...made, ClientType: 'DCR' })) as Client

  return {
    client_id: client.ClientId,
    client_id_issued_at: Math.floor(client.CreationDate),
    ...(client.ClientSecret === undefined ? {} : { client_secret: client.ClientSecret, client_secret_expires_at: 0 }),
    ...asked,
  }
}

/** An access token that a client of the pool, holding the scope, got for itself. */
function checkInitialToken(call: CognitoCall, pool: Pool, token: string): void {
  const claims = openToken(token, keysOf(pool.Id).all)
  const good =
    claims?.token_use === 'access' &&
    Number(claims.exp) * 1000 > call.now &&
    String(claims.scope).split(' ').includes(REGISTER_SCOPE) &&
    clients.get(call, pool.Id, String(claims.client_id)) !== undefined
  if (!good) refuse('invalid_token', BAD_TOKEN)
}

/** The metadata with what was left out filled in; refuses what the pool does not allow or its clients cannot be. */
function metadataOf(given: Readonly<Record<string, unknown>>, grants: readonly OAuthFlowType[], scopes: readonly string[]): Metadata {
  const client_name = text(given, 'client_name') ?? NAMELESS
  const method = text(given, 'token_endpoint_auth_method') ?? DEFAULTS.method
  if (!METHODS.includes(method)) refuse('invalid_client_metadata', `token_endpoint_auth_method ${method} is not supported.`)
  const grant_types = texts(given, 'grant_types') ?? [...DEFAULTS.grants]
  for (const grant of grant_types) {
    const flow = GRANTS[grant]
    if (grant !== 'refresh_token' && (flow === undefined || !grants.includes(flow))) {
      refuse('invalid_client_metadata', `grant_type ${grant} is not allowed.`)
    }
  }
  const redirect_uris = texts(given, 'redirect_uris') ?? []
  const machine = grant_types.includes('client_credentials')
  if (!machine && redirect_uris.length === 0) refuse('invalid_redirect_uri', 'redirect_uris is required.')
  const wrong = redirect_uris.map(wrongUrl).find((words) => words !== undefined)
  if (wrong !== undefined) refuse('invalid_redirect_uri', wrong)

  // Scopes of the pool itself are about people, and mean nothing to a machine.
  const asked = text(given, 'scope')?.split(' ').filter(Boolean) ?? scopes.filter((scope) => !machine || !OWN_SCOPES.has(scope))
  const beyond = asked.find((scope) => !scopes.includes(scope))
  if (beyond !== undefined) refuse('invalid_client_metadata', `scope ${beyond} is not allowed.`)
  const response_types = [
    ...(grant_types.includes('authorization_code') ? ['code'] : []),
    ...(grant_types.includes('implicit') ? ['token'] : []),
  ]
  return {
    client_name,
    redirect_uris,
    grant_types,
    response_types,
    token_endpoint_auth_method: method,
    scope: asked.join(' '),
  }
}

function text(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name]
  return value === undefined || typeof value === 'string' ? value : refuse('invalid_client_metadata', `${name} must be a text.`)
}

function texts(given: Readonly<Record<string, unknown>>, name: string): string[] | undefined {
  const value = given[name]
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
  return refuse('invalid_client_metadata', `${name} must be a list of texts.`)
}

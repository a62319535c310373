import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Call } from '../../../core/call.ts'
import {
  oauthApplications,
  oauthClients,
  oauthSecrets,
  type StoredClient,
  type StoredOauth,
  type StoredSecret,
} from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { OAuthClientSecret, Profile } from '../../contract/types.ts'
import { homes } from '../../records.ts'
import { invalid } from '../../validation.ts'

/**
 * Kinds of OAuth clients (yandex-idp 14): single-page and native ones have no secret, PKCE is everybody's default and may be switched
 * off for web ones only. The ids and the methods of `web` are as guides show them (docs: organization/operations/applications/oidc-create).
 */
export const PROFILES: readonly Profile[] = [
  {
    id: 'web',
    authenticationMethodsAllowedValues: ['client_secret_basic', 'client_secret_post'],
    authenticationMethodsDefaultValues: ['client_secret_basic', 'client_secret_post'],
    pkceRequiredDefaultValue: true,
  },
  {
    id: 'user-agent',
    authenticationMethodsAllowedValues: ['none'],
    authenticationMethodsDefaultValues: ['none'],
    pkceRequiredReadonly: true,
    pkceRequiredDefaultValue: true,
  },
  {
    id: 'native',
    authenticationMethodsAllowedValues: ['none'],
    authenticationMethodsDefaultValues: ['none'],
    pkceRequiredReadonly: true,
    pkceRequiredDefaultValue: true,
  },
]

/** What an update may change. */
export const UPDATABLE = ['name', 'redirectUris', 'postLogoutRedirectUris', 'scopes', 'authenticationMethods', 'pkceRequired']

export function profileOf(id: string): Profile {
  const found = PROFILES.find((profile) => profile.id === id)
  if (found === undefined) {
    throw invalid([{ field: 'profile_id', description: `Unknown profile; profiles are ${PROFILES.map(({ id }) => id).join(', ')}` }])
  }
  return found
}

export function requireClient(call: YandexCall, id: string): StoredClient {
  const home = homes.get(call, 'oauth-client', id)
  const client = home === undefined ? undefined : oauthClients.get(call, home.parent, id)
  return client ?? call.fail('NOT_FOUND', `OAuth client ${id} not found`)
}

/**
 * (?) What no redirect URI may have: "Identity Hub does not support this character" (docs: single sign-on with Warpgate). That it is refused
 * where the address is set is a guess.
 */
const UNSUPPORTED = '@'

/** Whatever a client's profile does not allow. */
export function requireConsistent(client: Partial<StoredClient>): void {
  const { profileId, redirectUris = [], postLogoutRedirectUris = [], authenticationMethods = [], pkceRequired } = client
  const profile = profileOf(profileId ?? '')
  const allowed = profile.authenticationMethodsAllowedValues ?? []
  const violations = [
    ...authenticationMethods.flatMap((method, index) =>
      allowed.includes(method)
        ? []
        : [{ field: `authentication_methods[${index}]`, description: `Not allowed for ${profileId}: use ${allowed.join(', ')}` }],
    ),
    ...foreign('redirect_uris', redirectUris, profileId),
    ...redirectUris.flatMap((uri, index) =>
      uri.includes(UNSUPPORTED) ? [{ field: `redirect_uris[${index}]`, description: `Must not have the character ${UNSUPPORTED}` }] : [],
    ),
    // "The same requirements for URI schemes as for redirect URIs" (docs: organization/concepts/applications/oidc).
    ...foreign('post_logout_redirect_uris', postLogoutRedirectUris, profileId),
    ...(profile.pkceRequiredReadonly === true && pkceRequired === false
      ? [{ field: 'pkce_required', description: `Cannot be switched off for ${profileId}` }]
      : []),
  ]
  if (violations.length > 0) throw invalid(violations)
}

function foreign(field: string, uris: readonly string[], profileId: string | undefined) {
  return uris.flatMap((uri, index) =>
    isRedirect(uri, profileId === 'native')
      ? []
      : [{ field: `${field}[${index}]`, description: 'Must be an https URI, or an http one of localhost' }],
  )
}

/** https only, save for loopback; native applications may have any scheme (yandex-idp 14). */
export function isRedirect(uri: string, native = false): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname, hash } = new URL(uri)
  if (hash !== '') return false
  if (protocol === 'https:') return true
  return protocol === 'http:' ? hostname === '127.0.0.1' || hostname === 'localhost' : native
}

export function requireFreeClientName(call: YandexCall, folder: string, name: string, own?: string): void {
  const other = oauthClients.all(call, folder).find((client) => client.name === name && client.id !== own)
  if (other !== undefined) call.fail('ALREADY_EXISTS', `OAuth client with name ${name} already exists`)
}

/** What may be asked for by it. (?) A client that lists no scopes of its own is held to the application's alone. */
export function scopesOf({ scopes = [] }: StoredClient, application: StoredOauth | undefined): string[] {
  const authorized = application?.clientGrant?.authorizedScopes ?? []
  return scopes.length === 0 ? authorized : authorized.filter((scope) => scopes.includes(scope))
}

/** The application that a client signs users in for. */
export function applicationOf(call: Call, client: string): string | undefined {
  const home = homes.get(call, 'oauth-application-of', client)
  if (home === undefined) return undefined
  const place = homes.get(call, 'oauth-application', home.parent)
  return place !== undefined && oauthApplications.get(call, place.parent, home.parent) !== undefined ? home.parent : undefined
}

export function requireSecret(call: YandexCall, id: string): StoredSecret {
  const home = homes.get(call, 'oauth-client-secret', id)
  const secret = home === undefined ? undefined : oauthSecrets.get(call, home.parent, id)
  return secret ?? call.fail('NOT_FOUND', `OAuth client secret ${id} not found`)
}

/**
 * 64 hex digits and, behind `_`, eight more, as a guide shows one (docs: single sign-on with nginx and OAuth2 Proxy). (?) What the eight are
 * is told nowhere; here they are the CRC-32 of what is before them.
 */
export function secretOf(bytes: Buffer): string {
  const secret = `yccs__${bytes.toString('hex')}`
  return `${secret}_${crc32(secret).toString(16).padStart(8, '0')}`
}

/** A secret's value is told once and kept as a hash (yandex-idp 8 and 14). */
export function secretHash(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}

export function secretView({ hash: _hash, ...secret }: StoredSecret): OAuthClientSecret {
  return secret
}

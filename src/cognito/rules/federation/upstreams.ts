import type { Call } from '../../../core/call.ts'
import { DIGITS, UPPER } from '../../../core/random.ts'
import type { Params } from '../../../oauth/index.ts'
import { HINT, type Party, UPSTREAM } from '../../../upstream/registry.ts'
import { domainHomes, type Pool, type Provider, pools, providers } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { samlSigningKey } from '../pools/certificates.ts'
import { appleSecret, isAppleSecret } from './apple.ts'
import { KINDS } from './provider-details.ts'
import { readMetadata } from './saml-metadata.ts'
import { isStandIn } from './standing-in.ts'

/** Where providers lead back to (O16, cognito-facts 195). */
export const LANDING = '/oauth2/idpresponse'
export const SAML_LANDING = '/saml2/idpresponse'
export const SAML_LOGOUT = '/saml2/logout'

/** The pool as SAML knows it. */
export function entityOf(pool: Pool): string {
  return `urn:amazon:cognito:sp:${pool.Id}`
}

/** Where somebody is sent, and where codes are exchanged. */
export interface Endpoints {
  authorize: string
  token: string
  userInfo: string | undefined
  jwks: string | undefined
}

/**
 * Whether the built-in upstream stands for a provider: for all if the emulator was told so, else for the social ones as long as they are
 * where the service has them, and for those whose host is a name that nobody can have.
 */
export function isBuiltIn(call: Call, { ProviderDetails: details, ProviderType }: Provider): boolean {
  if (settingsOf(call).upstreams === 'built-in') return true
  const host = ProviderType === 'SAML' ? details.SSORedirectBindingURI : details.authorize_url
  return isStandIn(host ?? '', ProviderType)
}

export function endpointsOf(call: Call, pool: Pool, provider: Provider): Endpoints {
  const { ProviderName, ProviderDetails: details, AttributeMapping } = provider
  const userInfo = withFields(details, AttributeMapping)
  if (isBuiltIn(call, provider)) {
    const base = `${call.origin.base}${UPSTREAM}/${pool.Id}/${encodeURIComponent(ProviderName)}`
    const told = userInfo === undefined ? undefined : `${base}/userinfo`
    return { authorize: `${base}/authorize`, token: `${base}/token`, userInfo: told, jwks: `${base}/jwks` }
  }
  return { authorize: details.authorize_url ?? '', token: details.token_url ?? '', userInfo, jwks: details.jwks_uri }
}

/** Whom the built-in upstream is to let in without a page, told in its own parameter, for providers hear no `login_hint` of that kind. */
export function hintFor(call: Call, provider: Provider, { params }: { params: Params }): Record<string, string | undefined> {
  return settingsOf(call).instantSignIn && isBuiltIn(call, provider) ? { [HINT]: params.login_hint } : {}
}

/** The address that people are led to. */
export function entranceOf(call: Call, pool: Pool, provider: Provider): string {
  if (provider.ProviderType !== 'SAML' || isBuiltIn(call, provider)) return endpointsOf(call, pool, provider).authorize
  return provider.ProviderDetails.SSORedirectBindingURI ?? ''
}

/** Some providers are told which attributes are wanted, behind their address. */
function withFields({ attributes_url: url, attributes_url_add_attributes: add }: Record<string, string>, mapping: Record<string, string>) {
  return url !== undefined && add === 'true' ? `${url}${[...new Set(Object.values(mapping))].join(',')}` : url
}

/** Who takes part in the protocol of OpenID Connect, and who has no ID tokens. */
export function hasIdTokens({ ProviderType }: Provider): boolean {
  return ProviderType !== 'Facebook' && ProviderType !== 'LoginWithAmazon'
}

/** The claim that a person's id at the provider comes from. */
export function subjectClaim({ ProviderType, AttributeMapping }: Provider): string {
  return AttributeMapping.username ?? ownSubject(ProviderType)
}

function ownSubject(type: Provider['ProviderType']): string {
  return type === 'SAML' ? 'NameID' : (KINDS[type].username ?? 'sub')
}

export function issuerOfProvider({ ProviderType, ProviderDetails, ProviderName, Hidden }: Provider): string {
  if (ProviderType === 'SAML') return readMetadata(Hidden?.Metadata ?? '')?.entityId ?? ProviderName
  return ProviderDetails.oidc_issuer ?? ISSUERS[ProviderType] ?? ProviderName
}

const ISSUERS: Readonly<Record<string, string>> = {
  Facebook: 'https://www.facebook.com',
  LoginWithAmazon: 'https://www.amazon.com',
}

/** What a client shows for its secret. */
export function secretOf(call: Call, provider: Provider): string | undefined {
  return provider.ProviderType === 'SignInWithApple' ? appleSecret(call, provider) : provider.ProviderDetails.client_secret
}

/** A provider of a pool as its built-in upstream knows it. */
export function partyOf(call: Call, poolId: string, name: string): Party | undefined {
  const pool = pools.get(call, '', poolId)
  const provider = pool === undefined ? undefined : providers.get(call, poolId, name)
  if (pool === undefined || provider === undefined || !isBuiltIn(call, provider)) return undefined
  const { ProviderType, ProviderDetails: details, AttributeMapping } = provider
  const mapped = Object.values(AttributeMapping).filter((from) => from !== ownSubject(ProviderType))
  const saml = ProviderType === 'SAML'
  const openid = !saml && hasIdTokens(provider)
  const apple = ProviderType === 'SignInWithApple'
  const standard = apple ? APPLE : openid ? STANDARD : saml ? [] : ['email', 'name']
  return {
    title: TITLES[ProviderType] ?? name,
    issuer: issuerOfProvider(provider),
    protocol: saml ? 'saml' : openid ? 'openid' : 'oauth',
    asksForOpenid: ProviderType === 'OIDC' || ProviderType === 'Google',
    client: saml ? entityOf(pool) : (details.client_id ?? ''),
    secret: apple ? (shown) => isAppleSecret(call, provider, shown) : details.client_secret,
    ...(apple ? { introduces: true } : {}),
    subject: ownSubject(ProviderType),
    claims: [...new Set([...standard, ...mapped])].filter((claim) => !TOKENS.includes(claim) && !(apple && claim === 'name')),
    mayReturn: (address) => isOurs(call, pool, address, saml ? SAML_LANDING : LANDING),
    ...(saml ? { requestKey: samlSigningKey(call, pool).public, signsRequests: details.RequestSigningAlgorithm !== undefined } : {}),
    signOutAt: (acs) => acs.slice(0, -SAML_LANDING.length) + SAML_LOGOUT,
    newId: (asking) => newId(asking, ProviderType),
    instant: settingsOf(call).instantSignIn,
  }
}

const TITLES: Readonly<Record<string, string>> = {
  Google: 'Google',
  Facebook: 'Facebook',
  LoginWithAmazon: 'Amazon',
  SignInWithApple: 'Apple',
}
const APPLE = ['email', 'email_verified', 'firstName', 'lastName']
const STANDARD = ['email', 'email_verified', 'name', 'given_name', 'family_name']
const TOKENS = ['access_token', 'id_token']

/** One of this emulator's own addresses: by the host that was called, by a loopback name, or by a domain of the pool. */
export function isOurs(call: Call, pool: Pool, address: string, path: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, origin, pathname, protocol } = new URL(address)
  if (!/^https?:$/.test(protocol) || !pathname.endsWith(path)) return false
  const here = URL.canParse(call.origin.base) ? new URL(call.origin.base).origin : ''
  return origin === here || LOOPBACK.test(hostname) || SERVICE_HOST.test(hostname) || domainHomes.get(call, '', hostname)?.pool === pool.Id
}

/** A prefix domain under the service's own name, for whoever points it here. */
const SERVICE_HOST = /^[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com$/

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** As the ids of each provider look. */
function newId(call: Call, type: Provider['ProviderType']): string {
  const { random } = call
  if (type === 'Google') return `1${random.text(20, DIGITS)}`
  if (type === 'Facebook') return `1${random.text(16, DIGITS)}`
  if (type === 'LoginWithAmazon') return `amzn1.account.${random.text(28, UPPER + DIGITS)}`
  if (type === 'SignInWithApple') return `00${random.text(4, DIGITS)}.${random.bytes(16).toString('hex')}.${random.text(4, DIGITS)}`
  return random.uuid()
}

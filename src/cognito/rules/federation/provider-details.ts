import type { CognitoCall } from '../../call.ts'
import type { IdentityProviderTypeType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { encryptionCertificate } from '../pools/certificates.ts'
import { fetched } from './fetching.ts'
import { readMetadata, standInMetadata } from './saml-metadata.ts'
import { checkCertificates } from './saml-metadata-checks.ts'
import { isStandIn } from './standing-in.ts'

export type Details = Record<string, string>

interface Kind {
  /** Details that must be given. */
  required: readonly string[]
  /** Those that the refusal names. */
  named?: string
  /** Details that no answer shows. */
  hidden?: readonly string[]
  /** Details that are worked out anew each time, whatever is given. */
  anew?: readonly string[]
  /** What the service adds: other details win over these if they are given. May ask. */
  added(details: Details, call: CognitoCall, pool: Pool): Details
  /** The claim that `username` is mapped from if the mapping does not say (G3); SAML has none. */
  username?: string
}

const CLIENT = ['client_id', 'client_secret', 'authorize_scopes'] as const
const NAMED_CLIENT = 'clientId, clientSecret and authorizeScopes'

/** (?) Facebook's version without `api_version`, as in the CLI's example of describe-identity-provider. */
const FACEBOOK_VERSION = 'v2.9'

/** What was read of a SAML provider when it was configured; answers show it where it was given, as MetadataFile. */
export const METADATA = 'Metadata'

/** (?) What the metadata say counts, not what an answer showed of earlier ones: so whoever hands an answer back changes nothing. */
const FROM_METADATA = [METADATA, 'ActiveEncryptionCertificate', 'SSORedirectBindingURI', 'SLORedirectBindingURI']

/** Of each type what is asked and what is added, as the service's documentation of ProviderDetails shows it in answers. */
export const KINDS: Readonly<Record<IdentityProviderTypeType, Kind>> = {
  Google: {
    required: CLIENT,
    named: NAMED_CLIENT,
    username: 'sub',
    added: () => ({
      attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
      attributes_url_add_attributes: 'true',
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      oidc_issuer: 'https://accounts.google.com',
      token_request_method: 'POST',
      token_url: 'https://www.googleapis.com/oauth2/v4/token',
    }),
  },
  Facebook: {
    required: CLIENT,
    named: NAMED_CLIENT,
    username: 'id',
    added: ({ api_version = FACEBOOK_VERSION }) => ({
      attributes_url: `https://graph.facebook.com/${api_version}/me?fields=`,
      attributes_url_add_attributes: 'true',
      authorize_url: `https://www.facebook.com/${api_version}/dialog/oauth`,
      token_request_method: 'GET',
      token_url: `https://graph.facebook.com/${api_version}/oauth/access_token`,
    }),
  },
  LoginWithAmazon: {
    required: CLIENT,
    named: NAMED_CLIENT,
    username: 'user_id',
    added: () => ({
      attributes_url: 'https://api.amazon.com/user/profile',
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://www.amazon.com/ap/oa',
      token_request_method: 'POST',
      token_url: 'https://api.amazon.com/auth/o2/token',
    }),
  },
  SignInWithApple: {
    required: ['client_id', 'team_id', 'key_id', 'private_key', 'authorize_scopes'],
    named: 'clientId, privateKey, teamId, and keyId',
    hidden: ['private_key'],
    username: 'sub',
    added: () => ({
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://appleid.apple.com/auth/authorize',
      oidc_issuer: 'https://appleid.apple.com',
      token_request_method: 'POST',
      token_url: 'https://appleid.apple.com/auth/token',
    }),
  },
  OIDC: {
    required: ['client_id', 'attributes_request_method', 'oidc_issuer', 'authorize_scopes'],
    named: 'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod',
    username: 'sub',
    added: (details, call) => ({ attributes_url_add_attributes: 'false', ...endpoints(details, call) }),
  },
  SAML: { required: [], hidden: [METADATA], anew: FROM_METADATA, added: saml },
}

/** All details of a provider: those given, and those that the service adds. Checks first, asks last. */
export function completed(
  call: CognitoCall,
  pool: Pool,
  type: IdentityProviderTypeType,
  given: Details,
): { shown: Details; hidden: Details | undefined } {
  const kind = KINDS[type]
  if (kind.required.some((key) => !given[key])) call.fail('InvalidParameterException', `${kind.named} are all required idp details.`)
  checkValues(call, given)

  const own = Object.entries(given).filter(([key]) => !kind.anew?.includes(key))
  const all = { ...kind.added(given, call, pool), ...Object.fromEntries(own) }
  const hidden = Object.fromEntries(Object.entries(all).filter(([key]) => kind.hidden?.includes(key)))
  const shown = Object.fromEntries(Object.entries(all).filter(([key]) => !kind.hidden?.includes(key)))
  return { shown, hidden: kind.hidden === undefined ? undefined : hidden }
}

/** Details that take one of a few values. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  attributes_request_method: ['POST', 'GET'],
  RequestSigningAlgorithm: ['rsa-sha256'],
  IDPInit: ['true', 'false'],
  IDPSignout: ['true', 'false'],
  EncryptedResponses: ['true', 'false'],
}

function checkValues(call: CognitoCall, given: Details): void {
  for (const [key, allowed] of Object.entries(VALUES)) {
    const value = given[key]
    if (value !== undefined && !allowed.includes(value)) call.fail('InvalidParameterException', wrongValue(key, value, allowed))
  }
}

/** Where the service keeps a detail, as it says itself (badmintoncryer/cdk-preflight, a provider deployed in September 2026). */
const PLACES: Readonly<Record<string, string>> = { attributes_request_method: 'providerConfiguration.oidcConfig.attributesRequestMethod' }

/** (?) Of details whose place is not known. */
function wrongValue(key: string, value: string, allowed: readonly string[]): string {
  const place = PLACES[key] ?? `providerDetails.${key}`
  return `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`
}

/** Our names of the endpoints, and the discovery document's. */
const DISCOVERED = {
  authorize_url: 'authorization_endpoint',
  token_url: 'token_endpoint',
  attributes_url: 'userinfo_endpoint',
  jwks_uri: 'jwks_uri',
} as const

/** Endpoints that were not given are discovered at the issuer. */
function endpoints(details: Details, call: CognitoCall): Details {
  if (Object.keys(DISCOVERED).every((key) => details[key])) return {}
  const issuer = (details.oidc_issuer ?? '').replace(/\/$/, '')
  if (settingsOf(call).upstreams === 'built-in' || isStandIn(issuer, 'OIDC')) return standIns(issuer)
  const answer = fetched(call, `${issuer}/.well-known/openid-configuration`)
  const document = answer.status === 200 ? parsed(answer.text) : undefined
  if (document === undefined) return call.fail('InvalidParameterException', 'Unable to contact well-known endpoint')
  const found = Object.entries(DISCOVERED).map(([key, name]): [string, unknown] => [key, document[name]])
  return Object.fromEntries(found.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** Of an issuer that is nobody's: what its discovery would say. */
function standIns(issuer: string): Details {
  return {
    authorize_url: `${issuer}/authorize`,
    token_url: `${issuer}/token`,
    attributes_url: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What stands in the metadata, and the certificate that identity providers encrypt assertions for. */
function saml(details: Details, call: CognitoCall, pool: Pool): Details {
  const { MetadataURL, MetadataFile } = details
  if (!MetadataURL && !MetadataFile) {
    return call.fail('InvalidParameterException', 'At least one of the MetadataURL or MetadataFile should be provided.')
  }
  if (MetadataURL && MetadataFile) {
    call.fail('InvalidParameterException', 'Only one of the MetadataURL or MetadataFile should be provided.')
  }
  const text = MetadataURL ? metadataAt(call, MetadataURL) : (MetadataFile ?? '')
  const metadata = readMetadata(text)
  if (metadata === undefined) return call.fail('InvalidParameterException', NO_METADATA)
  const { signIn, signOut, certificates } = metadata
  if (signIn === undefined) return call.fail('InvalidParameterException', NO_SIGN_IN)
  checkCertificates(call, certificates)
  return {
    [METADATA]: text,
    ActiveEncryptionCertificate: encryptionCertificate(pool),
    SSORedirectBindingURI: signIn,
    ...(signOut === undefined ? {} : { SLORedirectBindingURI: signOut }),
  }
}

function metadataAt(call: CognitoCall, url: string): string {
  const standsIn = URL.canParse(url) && (settingsOf(call).upstreams === 'built-in' || isStandIn(url, 'SAML'))
  return standsIn ? standInMetadata(url) : remote(call, url)
}

/** (?) */
const NO_METADATA = 'Error parsing metadata: no identity provider descriptor was found.'

/** ssoready/dummyidp#10. */
const NO_SIGN_IN = 'No SingleSignOn Http redirect binding location found in metadata.'

function remote(call: CognitoCall, url: string): string {
  const answer = fetched(call, url)
  if (answer.status === 0) return call.fail('InvalidParameterException', unreachable(url))
  if (answer.status !== 200) {
    // aws-solutions/aws-data-lake-solution#31
    call.fail('InvalidParameterException', `Non-ok status code ${answer.status} returned from remote metadata source ${url}`)
  }
  return answer.text
}

/** As the guide has it (things to know about SAML). */
function unreachable(url: string): string {
  return `Error retrieving metadata from ${url}`
}

import type { CognitoCall } from '../../call.ts'
import { type Pool, providers, resourceServers } from '../../records.ts'
import type { ClientSettings } from './settings.ts'

const IPE = 'InvalidParameterException'
const FLOW = 'InvalidOAuthFlowException'

/** The scopes that every pool has; the others are those of its resource servers. */
export const OWN_SCOPES: ReadonlySet<string> = new Set(['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin'])

/** The scope that lets a client register others (developer guide, dynamic client registration); no resource server has it. */
export const REGISTER_SCOPE = 'aws.cognito/dcr/register'

/** The provider that every pool has: its own directory. */
export const OWN_PROVIDER = 'COGNITO'

/** What a client's OAuth settings are refused for (cognito-behaviour C8 to C11). */
export function checkOAuth(call: CognitoCall, pool: Pool, settings: ClientSettings, confidential: boolean): void {
  checkGrants(call, settings, confidential)
  checkScopes(call, pool, settings)
  checkProviders(call, pool, settings)
  checkUrls(call, settings)
}

function checkGrants(call: CognitoCall, settings: ClientSettings, confidential: boolean): void {
  const { AllowedOAuthFlows: flows = [], AllowedOAuthScopes: scopes = [], AllowedOAuthFlowsUserPoolClient, CallbackURLs = [] } = settings
  if (AllowedOAuthFlowsUserPoolClient === true && (flows.length === 0 || scopes.length === 0)) {
    call.fail(IPE, 'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.')
  }
  const byUsers = flows.includes('code') || flows.includes('implicit')
  if (flows.includes('client_credentials')) {
    if (byUsers) call.fail(FLOW, 'client_credentials flow can not be selected along with code flow or implicit flow.')
    if (!confidential) call.fail(FLOW, 'client_credentials flow can not be selected if client does not have a client secret.')
    const own = scopes.find((scope) => OWN_SCOPES.has(scope))
    if (own !== undefined) call.fail(FLOW, `${own} is not supported with client_credentials flow`)
  }
  if (byUsers && CallbackURLs.length === 0) {
    call.fail(FLOW, 'CallbackUrls can not be empty when code flow or implicit flow is selected')
  }
}

function checkScopes(call: CognitoCall, pool: Pool, { AllowedOAuthScopes: scopes = [] }: ClientSettings): void {
  const custom = scopes.filter((scope) => !OWN_SCOPES.has(scope) && scope !== REGISTER_SCOPE)
  if (custom.length === 0) return
  const known = new Set(
    resourceServers
      .all(call, pool.Id)
      .flatMap(({ Identifier, Scopes = [] }) => Scopes.map(({ ScopeName }) => `${Identifier}/${ScopeName}`)),
  )
  const unknown = custom.find((scope) => !known.has(scope))
  if (unknown !== undefined) call.fail('ScopeDoesNotExistException', `Invalid scope requested: ${unknown}`)
}

function checkProviders(call: CognitoCall, pool: Pool, { SupportedIdentityProviders: names = [] }: ClientSettings): void {
  const unknown = names.find((name) => name !== OWN_PROVIDER && providers.get(call, pool.Id, name) === undefined)
  if (unknown !== undefined) call.fail(IPE, `The provider ${unknown} does not exist for User Pool ${pool.Id}.`)
  const found = names.map((name) => providers.get(call, pool.Id, name))
  const begins = found.find((provider) => provider?.ProviderDetails.IDPInit === 'true')
  if (begins !== undefined && found.some((provider) => provider?.ProviderType !== 'SAML')) call.fail(IPE, onlySaml(begins.ProviderName))
}

/** (?) A client of a SAML provider that may begin takes SAML providers alone (guide, things to know about SAML); the sentence is not known. */
const onlySaml = (name: string) => `The provider ${name} supports IdP-initiated sign-in, which only other SAML providers can be used with.`

/** (?) The rule is documented (C11), its sentence is not. */
const notAbsolute = (url: string) => `${url} is not an absolute URI.`
/** As clients were deployed in September 2026 (badmintoncryer/cdk-preflight). */
const withFragment = (url: string) => `${url} cannot use fragment`
const unlistedDefault = (url: string) => `The default redirect URI ${url} is not in the callback URIs list.`

/** Where plain HTTP leads nowhere but to the caller's own machine. */
const LOOPBACKS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function checkUrls(call: CognitoCall, { CallbackURLs = [], LogoutURLs = [], DefaultRedirectURI }: ClientSettings): void {
  for (const url of [...CallbackURLs, ...LogoutURLs, ...(DefaultRedirectURI === undefined ? [] : [DefaultRedirectURI])]) {
    const wrong = wrongUrl(url)
    if (wrong !== undefined) call.fail(IPE, wrong)
  }
  if (DefaultRedirectURI !== undefined && !CallbackURLs.includes(DefaultRedirectURI)) call.fail(IPE, unlistedDefault(DefaultRedirectURI))
}

/** What is wrong with an address that people are led back to, if anything (C11). */
export function wrongUrl(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) return notAbsolute(url)
  if (url.includes('#')) return withFragment(url)
  return parsed.protocol === 'http:' && !LOOPBACKS.has(parsed.hostname) ? `${url} cannot use the HTTP protocol.` : undefined
}

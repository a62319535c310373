import type { Call } from '../../../core/call.ts'
import { tickets } from '../../../directory/tickets.ts'
import { type Authorization, type Leading, type Web, withQuery } from '../../../oauth/index.ts'
import { redirectUrl, type Signer } from '../../../oauth/saml/redirect.ts'
import { authnRequest, isSignedOut, type Judged, judged, logoutRequest, type SamlFault, setOut } from '../../../oauth/upstream/index.ts'
import { certificateOf } from '../../../upstream/keys.ts'
import { UPSTREAM } from '../../../upstream/registry.ts'
import type { CognitoCall } from '../../call.ts'
import { type Pool, type Provider, providers } from '../../records.ts'
import { samlEncryptionKey, samlSigningKey, signingCertificate } from '../pools/certificates.ts'
import type { Vouched } from './arrival.ts'
import { fetched } from './fetching.ts'
import { METADATA } from './provider-details.ts'
import { readMetadata } from './saml-metadata.ts'
import { entityOf, hintFor, isBuiltIn, SAML_LANDING, SAML_LOGOUT } from './upstreams.ts'

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
/** Of a name whose provider says no format (guide, things to know about SAML). */
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
/** Longer answers are not read (guide, the saml2/idpresponse endpoint). */
const LONGEST = 100_000
/** Of an answer that nobody asked for (guide, IdP-initiated sign-in). */
const OLDEST = 6 * 60_000

/** A SAML provider as its pool knows it. */
interface Idp {
  entityId: string
  signIn: string
  signOut: string | undefined
  certificates: readonly string[]
}

function idpOf(call: Call, pool: Pool, provider: Provider): Idp {
  const { ProviderDetails: details, ProviderName, Hidden } = provider
  const found = readMetadata(Hidden?.Metadata ?? details.MetadataFile ?? '')
  const entityId = found?.entityId ?? ProviderName
  if (isBuiltIn(call, provider)) {
    const base = `${call.origin.base}${UPSTREAM}/${pool.Id}/${encodeURIComponent(ProviderName)}`
    const signOut = details.SLORedirectBindingURI === undefined ? undefined : `${base}/slo`
    return { entityId, signIn: `${base}/saml`, signOut, certificates: [certificateOf(entityId)] }
  }
  const { SSORedirectBindingURI: signIn = '', SLORedirectBindingURI: signOut } = details
  return { entityId, signIn, signOut, certificates: found?.certificates ?? [] }
}

const HOURS = 6 * 3600

/** The provider with the metadata that it publishes now, read anew every six hours (guide, SAML providers); kept if there is none to be had. */
function refreshed(call: CognitoCall, pool: Pool, provider: Provider): Provider {
  const { ProviderDetails: details, Hidden = {} } = provider
  const { MetadataURL: url } = details
  const read = Number(Hidden.MetadataRead ?? provider.LastModifiedDate)
  if (url === undefined || isBuiltIn(call, provider) || call.seconds - read < HOURS) return provider
  const answer = fetched(call, url)
  const found = answer.status === 200 ? readMetadata(answer.text) : undefined
  if (answer.status !== 200 || found?.signIn === undefined) return provider
  return providers.put(call, pool.Id, provider.ProviderName, {
    ...provider,
    ProviderDetails: {
      ...details,
      SSORedirectBindingURI: found.signIn,
      ...(found.signOut === undefined ? {} : { SLORedirectBindingURI: found.signOut }),
    },
    Hidden: { ...Hidden, [METADATA]: answer.text, MetadataRead: String(call.seconds) },
  })
}

function signerOf(call: CognitoCall, pool: Pool): Signer {
  return { key: samlSigningKey(call, pool).private, certificate: signingCertificate(call, pool) }
}

/** To the provider with a request, signed if the provider wants that (guide, SAML signing). */
export function toSaml(call: CognitoCall, web: Web, asked: Authorization, pool: Pool, provider: Provider): Leading {
  const { signIn } = idpOf(call, pool, refreshed(call, pool, provider))
  const acs = web.site + SAML_LANDING
  const { state, request, leading } = setOut(call, web, asked, { provider: provider.ProviderName, landing: acs, byForm: true })
  const xml = authnRequest({ id: request, now: call.now, issuer: entityOf(pool), destination: signIn, acs, format: PERSISTENT })
  const signer = provider.ProviderDetails.RequestSigningAlgorithm === undefined ? undefined : signerOf(call, pool)
  // Neither `login_hint` nor `prompt` has a place here (guide, the authorize endpoint): no `Subject`, no `ForceAuthn`.
  return leading(withQuery(redirectUrl(signIn, { name: 'SAMLRequest', xml, relayState: state }, signer), hintFor(call, provider, asked)))
}

/** Whom a response vouches for, verified; `request` is the one that it answers, if we asked. */
export function fromSaml(
  call: CognitoCall,
  pool: Pool,
  provider: Provider,
  response: string,
  { request, landing }: { request: string | undefined; landing: string },
): Vouched & { via: SamlVia } {
  if (response.length > LONGEST) return refused(call, pool, { fault: 'unreadable', detail: 'too long' })
  const { entityId, certificates } = idpOf(call, pool, provider)
  const found = judged(call, response, {
    issuer: entityId,
    certificates,
    audience: entityOf(pool),
    recipient: landing,
    request,
    oldest: OLDEST,
    decryption: samlEncryptionKey(pool).private.export({ type: 'pkcs8', format: 'pem' }).toString(),
    encrypted: provider.ProviderDetails.EncryptedResponses === 'true',
  })
  if ('fault' in found) return refused(call, pool, found)
  useUp(call, pool, entityId, found)
  const { nameId, nameIdFormat = UNSPECIFIED, sessionIndex, attributes } = found
  const via: SamlVia = { provider: provider.ProviderName, nameId: { value: nameId, format: nameIdFormat }, sessionIndex }
  return { provider, subject: nameId, said: attributes, issuer: entityId, raw: { samlResponse: texts(attributes) }, via }
}

function texts(attributes: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(', ')}]` : value]),
  )
}

const assertions = tickets<Record<string, never>>('cognito.saml-assertion')

/** An assertion counts once, whatever becomes of it. */
function useUp(call: CognitoCall, pool: Pool, entityId: string, { assertion, ends }: Extract<Judged, { assertion: string }>): void {
  const secret = `${pool.Id} ${entityId} ${assertion}`
  if (assertions.find(call, secret) !== undefined) refused(call, pool, { fault: 'replayed', detail: assertion })
  const ticket = { pool: pool.Id, expires: ends, doc: {} }
  assertions.issue(call, secret, ticket)
  call.afterRefusal((after) => assertions.issue(after, secret, ticket))
}

function refused(call: CognitoCall, pool: Pool, { fault, detail }: { fault: SamlFault; detail: string }): never {
  call.note({ saml: `${fault}: ${detail}` })
  return call.fail('InvalidParameterException', WORDS[fault](pool))
}

/**
 * (?) Seen in life: the signature (aws-sdk-js-v3#6201), the audience, the answer to another request (swissgeol-boreholes-suite#1267), and
 * that for an answer nobody asked for. The others are in their manner.
 */
const WORDS: Readonly<Record<SamlFault, (pool: Pool) => string>> = {
  unreadable: () => 'Invalid samlResponse or relayState from identity provider',
  status: () => 'Invalid status code in SAML response',
  signature: () => 'SAML Assertion signature is invalid.',
  issuer: () => 'Issuer in SAML Assertion does not match the identity provider.',
  audience: (pool) => `Audience restriction in SAML Assertion does not allow it for ${entityOf(pool)}`,
  destination: () => 'Invalid Destination in SAML response.',
  recipient: () => 'Invalid Recipient in SAML Assertion.',
  request: () => 'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request',
  expired: () => 'SAML Assertion is expired.',
  replayed: () => 'SAML Assertion was used before.',
  unencrypted: () => 'SAML Assertion is not encrypted.',
  subject: () => 'NameID is missing in SAML Assertion.',
}

/** What is kept of a sign-in with SAML, for signing out there. */
export interface SamlVia {
  provider: string
  nameId: { value: string; format: string }
  sessionIndex: string | undefined
}

interface Parting {
  provider: string
  request: string
  to: string
}
const partings = tickets<Parting>('cognito.saml-parting')
/** (?) As long as for signing in: how long the service waits is not documented. */
const PARTING_LIFETIME = 5 * 60_000

/** The way out by the provider, where it wants to hear of it (IDPSignout): always signed (guide, SAML sign-out). */
export function outBySaml(call: CognitoCall, pool: Pool, provider: Provider, via: SamlVia, to: string): string {
  const { signOut } = idpOf(call, pool, provider)
  if (provider.ProviderDetails.IDPSignout !== 'true' || signOut === undefined) return to
  const relayState = call.random.bytes(32).toString('base64url')
  const request = `_${call.random.bytes(20).toString('hex')}`
  partings.issue(call, relayState, {
    pool: pool.Id,
    expires: call.now + PARTING_LIFETIME,
    doc: { provider: provider.ProviderName, request, to },
  })
  const { nameId, sessionIndex } = via
  const xml = logoutRequest({ id: request, now: call.now, issuer: entityOf(pool), destination: signOut, nameId, sessionIndex })
  return redirectUrl(signOut, { name: 'SAMLRequest', xml, relayState }, signerOf(call, pool))
}

/** Where somebody goes on to whom the provider has signed out, or undefined for an answer that is not the provider's. */
export function backFromSaml(
  call: CognitoCall,
  web: Web,
  find: (poolId: string, name: string) => { pool: Pool; provider: Provider } | undefined,
): string | undefined {
  const { RelayState: state = '', SAMLResponse: response = '' } = web.form
  const ticket = partings.find(call, state)
  if (ticket === undefined || ticket.used !== null || ticket.expires <= call.now) return undefined
  const { provider: name, request, to } = ticket.doc
  const place = find(ticket.pool, name)
  if (place === undefined) return undefined
  const { entityId, certificates } = idpOf(call, place.pool, place.provider)
  if (!isSignedOut(call, response, { issuer: entityId, certificates, recipient: web.site + SAML_LOGOUT, request })) return undefined
  partings.use(call, ticket)
  return to
}

import { createHash } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { type SigningKey, signingKeys } from '../../../core/keys.ts'
import { selfSigned } from '../../../core/x509.ts'
import { certificates, type StoredCertificate, type StoredSaml, samlApplications } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type {
  AttributeMapping,
  IdentityProviderMetadata,
  SamlApplication,
  ServiceProvider,
  SignatureCertificate,
} from '../../contract/types.ts'
import { homes, type User } from '../../records.ts'
import { invalid } from '../../validation.ts'
import { timeText } from '../times.ts'
import { issuerOf } from './issuer.ts'
import { isRedirect } from './oauth-clients.ts'

/** What attributes may be taken from, and where it is of a user: all that the guide to SAML applications lists. */
const SOURCES: Readonly<Record<string, keyof User>> = {
  sub: 'id',
  name: 'fullName',
  given_name: 'givenName',
  family_name: 'familyName',
  preferred_username: 'username',
  email: 'email',
  phone_number: 'phoneNumber',
  company_name: 'companyName',
  department: 'department',
  job_title: 'jobTitle',
  employee_id: 'employeeId',
}
const PREFIX = 'SubjectClaims.'

export const CLAIMS = Object.keys(SOURCES).map((claim) => PREFIX + claim)

/** What a user has no value of is not told (the guide to SAML applications). */
export function claimed(user: User, claim: string): string[] {
  const member = SOURCES[claim.slice(PREFIX.length)]
  const value = member === undefined ? undefined : user[member]
  return typeof value === 'string' && value !== '' ? [value] : []
}

/** What a NameID of each format holds: the value changes with the format by itself (the guide to SAML applications). */
const NAMED_BY: Readonly<Record<string, string>> = { EMAIL: 'SubjectClaims.preferred_username', PERSISTENT: 'SubjectClaims.sub' }

/** A mapping whose NameID has the value of its format, unless the request names another one. */
export function completed<M extends AttributeMapping>(mapping: M, before?: AttributeMapping): M {
  const { format, value } = mapping.nameId
  const named = value !== undefined && (value !== before?.nameId.value || format === before.nameId.format)
  return named ? mapping : { ...mapping, nameId: { format, value: NAMED_BY[format] ?? value } }
}

/** What a new application sends; names are email addresses at first (yandex-idp 15, the guide to SAML applications). */
export const DEFAULT_MAPPING: AttributeMapping = {
  nameId: { format: 'EMAIL', value: 'SubjectClaims.preferred_username' },
  attributes: [
    { name: 'givenname', value: 'SubjectClaims.given_name' },
    { name: 'fullname', value: 'SubjectClaims.name' },
    { name: 'surname', value: 'SubjectClaims.family_name' },
    { name: 'emailaddress', value: 'SubjectClaims.email' },
  ],
}

/** (?) What is signed unless the application says otherwise. */
export const DEFAULT_MODE = 'ASSERTIONS'

export function requireSaml(call: YandexCall, id: string): StoredSaml {
  const home = homes.get(call, 'saml-application', id)
  const application = home === undefined ? undefined : samlApplications.get(call, home.parent, id)
  return application ?? call.fail('NOT_FOUND', `Application ${id} not found`)
}

/** Addresses are https, save for loopback; attributes are taken from claims there are (yandex-idp 15). */
export function requireConsistent({ serviceProvider, attributeMapping }: Partial<SamlApplication>): void {
  const violations = [...wrongAddresses(serviceProvider ?? { entityId: '' }), ...wrongClaims(attributeMapping)]
  if (violations.length > 0) throw invalid(violations)
}

function wrongAddresses({ acsUrls = [], sloUrls = [] }: ServiceProvider): { field: string; description: string }[] {
  const all = [
    ...acsUrls.map(({ url }, index) => [`acs_urls[${index}].url`, url] as const),
    ...sloUrls.map(({ url }, index) => [`slo_urls[${index}].url`, url] as const),
    ...sloUrls.map(({ responseUrl = '' }, index) => [`slo_urls[${index}].response_url`, responseUrl] as const),
  ]
  const wrong = all.filter(([, url]) => url !== '' && !isRedirect(url))
  // "If you have specified an index for one of the URLs, you must also specify indexes for all the other URLs" (docs: saml-app-acs-url-warn).
  const unnumbered = acsUrls.flatMap(({ index }, place) => (index === undefined ? [place] : []))
  return [
    ...wrong.map(([field]) => ({ field: `service_provider.${field}`, description: 'Must be an https URL, or an http one of localhost' })),
    ...(unnumbered.length === acsUrls.length ? [] : unnumbered).map((place) => ({
      field: `service_provider.acs_urls[${place}].index`,
      description: 'Must be there where another URL has one',
    })),
  ]
}

function wrongClaims(mapping: AttributeMapping | undefined): { field: string; description: string }[] {
  const all = [
    ['name_id.value', mapping?.nameId.value ?? ''] as const,
    ...(mapping?.attributes ?? []).map(({ value }, index) => [`attributes[${index}].value`, value] as const),
  ]
  const wrong = all.filter(([, value]) => value !== '' && !CLAIMS.includes(value))
  return wrong.map(([field]) => ({ field: `attribute_mapping.${field}`, description: `Unknown claim; claims are ${CLAIMS.join(', ')}` }))
}

/** Where service providers find us; all but the metadata's path are guesses (yandex-idp 15). */
export function metadataOf(call: Call, id: string): IdentityProviderMetadata & { issuer: string; ssoUrl: string; sloUrl: string } {
  const at = `${call.origin.base}/saml`
  return {
    issuer: `${issuerOf(call)}/saml/application/${id}`,
    ssoUrl: `${at}/application/${id}/sso`,
    metadataUrl: `${at}/metadata/${id}`,
    sloUrl: `${at}/application/${id}/slo`,
  }
}

export function samlView(call: YandexCall, application: StoredSaml): SamlApplication {
  return { ...application, identityProviderMetadata: metadataOf(call, application.id) }
}

/** The key of a certificate is made of its id, the same after every restart. */
export function certificateKey(id: string): SigningKey {
  return signingKeys(`saml-certificate ${id}`, ['signing'])[0] as SigningKey
}

/** (?) How long a certificate holds. */
const YEARS = 5
const YEAR = 365 * 86_400_000

export function newCertificate(
  call: YandexCall,
  id: string,
  applicationId: string,
  more: { name?: string | undefined; description?: string | undefined } = {},
): StoredCertificate {
  const from = Math.floor(call.now / 1000) * 1000
  const to = from + YEARS * YEAR
  const der = selfSigned({ key: certificateKey(id), name: applicationId, from, to })
  const lines = der.replace(/.{64}/g, '$&\n').trimEnd()
  return {
    ...more,
    id,
    applicationId,
    createdAt: call.timestamp,
    data: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    fingerprint: createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex'),
    notBefore: timeText(from),
    notAfter: timeText(to),
  }
}

export function requireCertificate(call: YandexCall, id: string): StoredCertificate {
  const home = homes.get(call, 'saml-certificate', id)
  const certificate = home === undefined ? undefined : certificates.get(call, home.parent, id)
  return certificate ?? call.fail('NOT_FOUND', `Signature certificate ${id} not found`)
}

/** Active is the one that its application signs with. */
export function certificateView(call: YandexCall, certificate: StoredCertificate): SignatureCertificate {
  return { ...certificate, status: isActive(call, certificate) ? 'ACTIVE' : 'INACTIVE' }
}

export function isActive(call: YandexCall, { id, applicationId }: StoredCertificate): boolean {
  return requireSaml(call, applicationId).securitySettings.signatureCertificateId === id
}

import { element, text } from './xml.ts'

/** An identity provider as service providers are to know it. */
export interface Provider {
  entityId: string
  /** Base64 of DER, each. */
  certificates: readonly string[]
  ssoUrl: string
  sloUrl?: string | undefined
  nameIdFormats: readonly string[]
}

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/** An entity descriptor (SAML metadata, 2.4.3); both bindings lie at one address. */
export function metadataOf({ entityId, certificates, ssoUrl, sloUrl, nameIdFormats }: Provider): string {
  const both = (name: string, location: string) =>
    [REDIRECT, POST].map((binding) => element(name, { Binding: binding, Location: location }))
  const keys = certificates.map((certificate) =>
    element('md:KeyDescriptor', { use: 'signing' }, [
      element('ds:KeyInfo', { 'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#' }, [
        element('ds:X509Data', {}, [element('ds:X509Certificate', {}, [text(certificate)])]),
      ]),
    ]),
  )
  const descriptor = element(
    'md:IDPSSODescriptor',
    { WantAuthnRequestsSigned: 'false', protocolSupportEnumeration: 'urn:oasis:names:tc:SAML:2.0:protocol' },
    [
      ...keys,
      ...(sloUrl === undefined ? [] : both('md:SingleLogoutService', sloUrl)),
      ...nameIdFormats.map((format) => element('md:NameIDFormat', {}, [text(format)])),
      ...both('md:SingleSignOnService', ssoUrl),
    ],
  )
  const root = element('md:EntityDescriptor', { 'xmlns:md': 'urn:oasis:names:tc:SAML:2.0:metadata', entityID: entityId }, [descriptor])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`
}

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** What is needed of an identity provider's SAML metadata. */
export interface SamlMetadata {
  entityId: string
  /** Where sign-in and sign-out requests go by redirect. */
  signIn: string | undefined
  signOut: string | undefined
  /** With which it signs: base64 of DER, each. */
  certificates: string[]
}

/** Undefined if the document describes no identity provider. Elements are found by their local names, whatever their prefixes. */
export function readMetadata(xml: string): SamlMetadata | undefined {
  const text = xml.replace(/<!--[\s\S]*?-->/g, '')
  const entity = /<(?:[\w-]+:)?EntityDescriptor\b([^>]*)>/.exec(text)
  const role = /<(?:[\w-]+:)?IDPSSODescriptor\b[\s\S]*?<\/(?:[\w-]+:)?IDPSSODescriptor\s*>/.exec(text)
  const entityId = attribute(entity?.[1] ?? '', 'entityID')
  if (role === null || entityId === undefined) return undefined
  return {
    entityId,
    signIn: location(role[0], 'SingleSignOnService'),
    signOut: location(role[0], 'SingleLogoutService'),
    certificates: certificatesIn(role[0]),
  }
}

/** Keys that are for signing, or for anything. */
function certificatesIn(xml: string): string[] {
  const keys = [...xml.matchAll(/<(?:[\w-]+:)?KeyDescriptor\b([^>]*)>([\s\S]*?)<\/(?:[\w-]+:)?KeyDescriptor\s*>/g)]
  return keys
    .filter(([, attributes = '']) => (attribute(attributes, 'use') ?? 'signing') === 'signing')
    .flatMap(([, , inside = '']) => [...inside.matchAll(/<(?:[\w-]+:)?X509Certificate\b[^>]*>([^<]*)</g)])
    .map(([, certificate = '']) => certificate.replace(/\s/g, ''))
    .filter((certificate) => certificate !== '')
}

function location(xml: string, element: string): string | undefined {
  for (const [, attributes = ''] of xml.matchAll(new RegExp(`<(?:[\\w-]+:)?${element}\\b([^>]*)>`, 'g'))) {
    if (attribute(attributes, 'Binding') === REDIRECT) return attribute(attributes, 'Location')
  }
  return undefined
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
  const value = found?.[1] ?? found?.[2]
  return value?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? '')
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What a provider would publish that the built-in upstream stands for: the addresses say so, the keys are the upstream's. */
export function standInMetadata(url: string): string {
  const { origin } = new URL(url)
  const at = (name: string, path: string) => `<${name} Binding="${REDIRECT}" Location="${origin}${path}"/>`
  const role = `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${at('SingleLogoutService', '/slo')}${at('SingleSignOnService', '/sso')}</IDPSSODescriptor>`
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">${role}</EntityDescriptor>`
}

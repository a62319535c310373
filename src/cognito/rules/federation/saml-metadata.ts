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
  const text = xml.replace(/<!--[\s\S]*?(?:-->|$)/g, '')
  const entity = /<(?:[\w-]+:)?EntityDescriptor\b([^<>]*)>/.exec(text)
  const [role] = elements(text, 'IDPSSODescriptor')
  const entityId = attribute(entity?.[1] ?? '', 'entityID')
  if (role === undefined || entityId === undefined) return undefined
  return {
    entityId,
    signIn: location(role.inside, 'SingleSignOnService'),
    signOut: location(role.inside, 'SingleLogoutService'),
    certificates: certificatesIn(role.inside),
  }
}

interface Element {
  attributes: string
  inside: string
}

/** Each begins where the one before ends: a document of a thousand beginnings is read once. */
function elements(xml: string, name: string): Element[] {
  const start = new RegExp(`<(?:[\\w-]+:)?${name}\\b([^<>]*)>`, 'g')
  const end = new RegExp(`</(?:[\\w-]+:)?${name}\\s*>`, 'g')
  const found: Element[] = []
  for (let opened = start.exec(xml); opened !== null; opened = start.exec(xml)) {
    end.lastIndex = start.lastIndex
    const closed = end.exec(xml)
    if (closed === null) break
    found.push({ attributes: opened[1] ?? '', inside: xml.slice(start.lastIndex, closed.index) })
    start.lastIndex = end.lastIndex
  }
  return found
}

/** Keys that are for signing, or for anything. */
function certificatesIn(xml: string): string[] {
  return elements(xml, 'KeyDescriptor')
    .filter(({ attributes }) => (attribute(attributes, 'use') ?? 'signing') === 'signing')
    .flatMap(({ inside }) => [...inside.matchAll(/<(?:[\w-]+:)?X509Certificate\b[^<>]*>([^<]*)</g)])
    .map(([, certificate = '']) => certificate.replace(/\s/g, ''))
    .filter((certificate) => certificate !== '')
}

function location(xml: string, element: string): string | undefined {
  for (const [, attributes = ''] of xml.matchAll(new RegExp(`<(?:[\\w-]+:)?${element}\\b([^<>]*)>`, 'g'))) {
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

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** What is needed of an identity provider's SAML metadata. */
export interface SamlMetadata {
  entityId: string
  /** Where sign-in and sign-out requests go by redirect. */
  signIn: string | undefined
  signOut: string | undefined
}

/** Undefined if the document describes no identity provider. Elements are found by their local names, whatever their prefixes. */
export function readMetadata(xml: string): SamlMetadata | undefined {
  const text = xml.replace(/<!--[\s\S]*?-->/g, '')
  const entity = /<(?:[\w-]+:)?EntityDescriptor\b([^>]*)>/.exec(text)
  const role = /<(?:[\w-]+:)?IDPSSODescriptor\b[\s\S]*?<\/(?:[\w-]+:)?IDPSSODescriptor\s*>/.exec(text)
  const entityId = attribute(entity?.[1] ?? '', 'entityID')
  if (role === null || entityId === undefined) return undefined
  return { entityId, signIn: location(role[0], 'SingleSignOnService'), signOut: location(role[0], 'SingleLogoutService') }
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

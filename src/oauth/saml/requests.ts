import { inflateRawSync } from 'node:zlib'
import { ASSERTION, attributeOf, child, children, PROTOCOL, rootOf, textOf, Unreadable } from './document.ts'

/** What a service provider asks (SAML core, 3.4.1). */
export interface AuthnRequest {
  kind: 'AuthnRequest'
  id: string
  issuer: string
  destination?: string | undefined
  acsUrl?: string | undefined
  acsIndex?: string | undefined
  binding?: string | undefined
  nameIdFormat?: string | undefined
  forceAuthn: boolean
  isPassive: boolean
}

/** Somebody wants to be signed out (SAML core, 3.7.1). */
export interface LogoutRequest {
  kind: 'LogoutRequest'
  id: string
  issuer: string
  destination?: string | undefined
  nameId?: string | undefined
  nameIdFormat?: string | undefined
  sessionIndexes: readonly string[]
}

export type SamlRequest = AuthnRequest | LogoutRequest

/** Longer ones are nobody's. */
const MOST_BYTES = 256 * 1024

/** A request as it came in an address (deflated) or in a form (not). Signatures are not looked at: whoever needs them asks for them. */
export function readRequest(encoded: string, binding: 'redirect' | 'post'): SamlRequest {
  const root = rootOf(decode(encoded, binding), 'SAMLRequest')
  const { localName, namespaceURI } = root
  const attribute = (name: string) => attributeOf(root, name)
  const [id, version, destination] = [attribute('ID'), attribute('Version'), attribute('Destination')]
  if (namespaceURI !== PROTOCOL || (localName !== 'AuthnRequest' && localName !== 'LogoutRequest')) {
    throw new Unreadable(`The SAMLRequest is a ${localName}, not an AuthnRequest or a LogoutRequest of SAML 2.0.`)
  }
  if (id === undefined || id === '') throw new Unreadable('The SAMLRequest has no ID.')
  if (version !== '2.0') throw new Unreadable('The SAMLRequest is not of version 2.0.')
  const issuer = textOf(child(root, ASSERTION, 'Issuer'))
  if (issuer === '') throw new Unreadable('The SAMLRequest has no Issuer.')

  if (localName === 'LogoutRequest') {
    const nameId = child(root, ASSERTION, 'NameID')
    const sessionIndexes = children(root, PROTOCOL, 'SessionIndex').map(textOf)
    const format = nameId?.getAttribute('Format')
    return {
      kind: localName,
      id,
      issuer,
      destination,
      nameId: nameId === undefined ? undefined : textOf(nameId),
      nameIdFormat: format === null || format === '' ? undefined : format,
      sessionIndexes,
    }
  }
  const format = child(root, PROTOCOL, 'NameIDPolicy')?.getAttribute('Format')
  return {
    kind: localName,
    id,
    issuer,
    destination,
    acsUrl: attribute('AssertionConsumerServiceURL'),
    acsIndex: attribute('AssertionConsumerServiceIndex'),
    binding: attribute('ProtocolBinding'),
    nameIdFormat: format === null || format === '' ? undefined : format,
    forceAuthn: isTrue(attribute('ForceAuthn')),
    isPassive: isTrue(attribute('IsPassive')),
  }
}

function decode(encoded: string, binding: 'redirect' | 'post'): string {
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length === 0) throw new Unreadable('The SAMLRequest is empty.')
  if (bytes.length > MOST_BYTES) throw new Unreadable('The SAMLRequest is too long.')
  const inflated = inflate(bytes)
  if (binding === 'redirect' && inflated === undefined) {
    throw new Unreadable('The SAMLRequest is not deflated, as the redirect binding wants it, or too long.')
  }
  // Nothing is to be deflated in a form, yet some service providers do (node-saml unless told otherwise).
  return inflated ?? bytes.toString('utf8')
}

function inflate(bytes: Buffer): string | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8')
  } catch {
    return undefined
  }
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}

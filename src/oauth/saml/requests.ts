import { inflateRawSync } from 'node:zlib'
import { DOMParser, onWarningStopParsing, ParseError } from '@xmldom/xmldom'

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

/** It is no request of SAML; the message says what is wrong. */
export class Unreadable extends Error {}

/** Longer ones are nobody's. */
const MOST_BYTES = 256 * 1024

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'

/** A request as it came in an address (deflated) or in a form (not). Signatures are not looked at: whoever needs them asks for them. */
export function readRequest(encoded: string, binding: 'redirect' | 'post'): SamlRequest {
  const root = parse(decode(encoded, binding))
  const { localName, namespaceURI } = root
  const attribute = (name: string) => (root.hasAttribute(name) ? (root.getAttribute(name) ?? undefined) : undefined)
  const [id, version, destination] = [attribute('ID'), attribute('Version'), attribute('Destination')]
  if (namespaceURI !== PROTOCOL || (localName !== 'AuthnRequest' && localName !== 'LogoutRequest')) {
    throw new Unreadable(`The SAMLRequest is a ${localName}, not an AuthnRequest or a LogoutRequest of SAML 2.0.`)
  }
  if (id === undefined || id === '') throw new Unreadable('The SAMLRequest has no ID.')
  if (version !== '2.0') throw new Unreadable('The SAMLRequest is not of version 2.0.')
  const issuer = child(root, ASSERTION, 'Issuer')?.textContent?.trim() ?? ''
  if (issuer === '') throw new Unreadable('The SAMLRequest has no Issuer.')

  if (localName === 'LogoutRequest') {
    const nameId = child(root, ASSERTION, 'NameID')
    const sessionIndexes = children(root, PROTOCOL, 'SessionIndex').map((index) => index.textContent?.trim() ?? '')
    const format = nameId?.getAttribute('Format')
    return {
      kind: localName,
      id,
      issuer,
      destination,
      nameId: nameId?.textContent?.trim(),
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

type Element = NonNullable<ReturnType<DOMParser['parseFromString']>['documentElement']>

function parse(xml: string): Element {
  // Entities and what else a document type may bring are nothing that a request needs.
  if (xml.includes('<!DOCTYPE')) throw new Unreadable('The SAMLRequest has a document type.')
  let root: Element | null | undefined
  try {
    root = new DOMParser({ onError: onWarningStopParsing }).parseFromString(xml, 'text/xml').documentElement
  } catch (error) {
    if (error instanceof ParseError) throw new Unreadable(`The SAMLRequest is not XML: ${error.message.split('\n')[0]}`)
    throw error
  }
  if (root === undefined || root === null) throw new Unreadable('The SAMLRequest is not XML.')
  return root
}

function children(of: Element, namespace: string, name: string): Element[] {
  return (Array.from(of.childNodes) as Element[]).filter((node) => node.namespaceURI === namespace && node.localName === name)
}

function child(of: Element, namespace: string, name: string): Element | undefined {
  return children(of, namespace, name)[0]
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}

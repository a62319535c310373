import { DOMParser, onWarningStopParsing, ParseError } from '@xmldom/xmldom'

/** It is no message of SAML; the text says what is wrong. */
export class Unreadable extends Error {}

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'

export type Element = NonNullable<ReturnType<DOMParser['parseFromString']>['documentElement']>

/** The element that is the message. `what` is what the message is called where it cannot be read. */
export function rootOf(xml: string, what: string): Element {
  // Entities and what else a document type may bring are nothing that a message needs.
  if (xml.includes('<!DOCTYPE')) throw new Unreadable(`The ${what} has a document type.`)
  let root: Element | null | undefined
  try {
    root = new DOMParser({ onError: onWarningStopParsing }).parseFromString(xml, 'text/xml').documentElement
  } catch (error) {
    if (error instanceof ParseError) throw new Unreadable(`The ${what} is not XML: ${error.message.split('\n')[0]}`)
    throw error
  }
  if (root === undefined || root === null) throw new Unreadable(`The ${what} is not XML.`)
  return root
}

export function children(of: Element, namespace: string, name: string): Element[] {
  return (Array.from(of.childNodes) as Element[]).filter((node) => node.namespaceURI === namespace && node.localName === name)
}

export function child(of: Element, namespace: string, name: string): Element | undefined {
  return children(of, namespace, name)[0]
}

/** The element and all that lie in it. */
export function within(of: Element): Element[] {
  return [of, ...Array.from(of.getElementsByTagName('*'))]
}

export function attributeOf(of: Element, name: string): string | undefined {
  return of.hasAttribute(name) ? (of.getAttribute(name) ?? undefined) : undefined
}

/** Its whole text, whatever comments lie between. */
export function textOf(of: Element | undefined): string {
  return of?.textContent?.trim() ?? ''
}

import { type KeyObject, sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'

/** A key and the certificate that says whose it is, as base64 of its DER. */
export interface Signer {
  key: KeyObject
  certificate: string
}

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** The document with a signature over the one element that has this ID, right behind the element's issuer as the schema wants it. */
export function signed(xml: string, id: string, { key, certificate }: Signer): string {
  const at = `//*[@ID='${id}']`
  const signature = new SignedXml({
    privateKey: key,
    publicCert: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
  })
  signature.addReference({ xpath: at, transforms: [ENVELOPED, EXCLUSIVE], digestAlgorithm: SHA256 })
  signature.computeSignature(xml, { prefix: 'ds', location: { reference: `${at}/*[local-name()='Issuer']`, action: 'after' } })
  return signature.getSignedXml()
}

/** A message in an address: deflated, with the signature beside it (SAML bindings, 3.4.4). */
export function redirectUrl(
  to: string,
  message: { name: 'SAMLRequest' | 'SAMLResponse'; xml: string; relayState?: string | undefined },
  signer?: Signer | undefined,
): string {
  const { name, xml, relayState } = message
  const parts = [
    [name, deflateRawSync(xml).toString('base64')],
    ...(relayState === undefined ? [] : [['RelayState', relayState]]),
    ...(signer === undefined ? [] : [['SigAlg', RSA_SHA256]]),
  ] as [string, string][]
  const octets = parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
  const query =
    signer === undefined
      ? octets
      : `${octets}&Signature=${encodeURIComponent(sign('sha256', Buffer.from(octets), signer.key).toString('base64'))}`
  return `${to}${to.includes('?') ? '&' : '?'}${query}`
}

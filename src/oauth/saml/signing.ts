import { SignedXml } from 'xml-crypto'
import { RSA_SHA256, type Signer } from './redirect.ts'

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

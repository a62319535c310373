import { type KeyObject, sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'

/** A key and the certificate that says whose it is, as base64 of its DER. */
export interface Signer {
  key: KeyObject
  certificate: string
}

export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

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

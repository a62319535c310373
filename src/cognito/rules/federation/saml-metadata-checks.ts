import { X509Certificate } from 'node:crypto'
import type { CognitoCall } from '../../call.ts'

const LONGEST = 4096

/** A provider signs with a certificate that is valid when it is configured, and none is longer than the service keeps (guide, SAML). */
export function checkCertificates(call: CognitoCall, certificates: readonly string[]): void {
  if (certificates.some(({ length }) => length > LONGEST)) call.fail('InvalidParameterException', TOO_LONG)
  // By our clock or by the machine's, like what the provider will say.
  const now = Math.min(call.now, call.context.namespace.clock.real)
  const ends = certificates.map(endOf)
  if (ends.length > 0 && ends.every((end) => end !== undefined && end <= now)) call.fail('InvalidParameterException', EXPIRED)
}

/** Epoch milliseconds; undefined for what is no certificate, and will verify nothing. */
function endOf(certificate: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo)
  } catch {
    return undefined
  }
}

/** (?) That it is refused is documented, the sentence is not known. */
const EXPIRED = 'Error parsing metadata: the signing certificate is expired.'
/** (?) That it is refused is documented, the sentence is not known. */
const TOO_LONG = `Error parsing metadata: a signing certificate is longer than ${LONGEST} characters.`

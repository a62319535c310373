import 'reflect-metadata'
import { createHash, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { signingKeys } from '../../core/keys.ts'
import type { Request } from './signing-certificate.ts'

/** Loaded only when a certificate is asked for: the ASN.1 library behind it is large. */
x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/** The certificate of a pool's SAML key, the same whenever it is asked for: its key, its dates and its number follow from the pool. */
export async function certificate({ poolId, from, to }: Request): Promise<string> {
  const [key] = signingKeys(`${poolId}\nsaml`, ['saml'])
  if (key === undefined) throw new Error('no key')
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(`${poolId}\n${from}`),
    name: `CN=${poolId}`,
    notBefore: new Date(from),
    notAfter: new Date(to),
    signingAlgorithm: ALGORITHM,
    keys: {
      privateKey: await webcrypto.subtle.importKey('pkcs8', key.private.export({ type: 'pkcs8', format: 'der' }), ALGORITHM, false, [
        'sign',
      ]),
      publicKey: await webcrypto.subtle.importKey('spki', key.public.export({ type: 'spki', format: 'der' }), ALGORITHM, true, ['verify']),
    },
  })
  return Buffer.from(made.rawData).toString('base64')
}

/** A positive number of 16 bytes, in hexadecimal. */
function serial(of: string): string {
  const bytes = createHash('sha256').update(of).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0)
  return bytes.toString('hex')
}

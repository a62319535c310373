import { type SigningKey, signingKeys } from '../core/keys.ts'
import { selfSigned } from '../core/x509.ts'

/** With what the upstream of that name signs. */
export function keyOf(issuer: string): SigningKey {
  return signingKeys(`upstream ${issuer}`, ['signing'])[0] as SigningKey
}

/** Its certificate, as base64 of its DER. */
export function certificateOf(issuer: string): string {
  return selfSigned({ key: keyOf(issuer), name: 'upstream', from: Date.UTC(2020, 0, 1), to: Date.UTC(2120, 0, 1) })
}

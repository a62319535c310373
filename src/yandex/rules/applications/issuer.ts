import type { Call } from '../../../core/call.ts'
import { distinct, type SigningKey, signingKeys } from '../../../core/keys.ts'
import { settingsOf } from '../../settings.ts'

/** The service's own issuer (yandex-idp 14). */
const SERVICE = 'https://auth.yandex.cloud'

/**
 * Who tokens say they are from, one for all applications. (?) The guides name the plain host for it; one shows an address of the client's
 * (`/oauth/<client>`) to fetch the configuration from, which is answered here with the same issuer.
 */
export function issuerOf(call: Pick<Call, 'settings'> & { origin: { base: string } }): string {
  return settingsOf(call).issuer === 'yandex' ? SERVICE : call.origin.base
}

/**
 * (?) The keys of ID tokens, one for all applications: the first signs, those that it replaced still verify. Verifiers of the service in
 * public code take kids of letters, digits, `-` and `_` only.
 */
export function idTokenKeys(call: Pick<Call, 'keyring'>): [SigningKey, ...SigningKey[]] {
  const keys = distinct(signingKeys('yandex', ['id-token'], call.keyring))
  const named = keys.map((key) => ({ ...key, kid: key.kid.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') }))
  return named as [SigningKey, ...SigningKey[]]
}

import type { Call } from '../../core/call.ts'
import { type SigningKey, signingKeys } from '../../core/keys.ts'
import { settingsOf } from '../settings.ts'

/** The service's own issuer (yandex-idp 14). */
const SERVICE = 'https://auth.yandex.cloud'

/**
 * Who tokens say they are from, one for all applications. (?) The guides name the plain host for it; one shows an address of the client's
 * (`/oauth/<client>`) to fetch the configuration from, which is answered here with the same issuer.
 */
export function issuerOf(call: Pick<Call, 'settings'> & { origin: { base: string } }): string {
  return settingsOf(call).issuer === 'yandex' ? SERVICE : call.origin.base
}

/** (?) The key that signs all ID tokens. Verifiers of the service in public code take kids of letters, digits, `-` and `_` only. */
export function idTokenKey(): SigningKey {
  const [key] = signingKeys('yandex', ['id-token'])
  if (key === undefined) throw new Error('there are no signing keys')
  return { ...key, kid: Buffer.from(key.kid, 'base64').toString('base64url') }
}

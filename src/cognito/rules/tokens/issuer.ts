import type { Origin } from '../../../core/call.ts'
import { type Keyring, type SigningKey, signingKeys } from '../../../core/keys.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Pool } from '../../records.ts'
import { settingsOf } from '../../settings.ts'

/** Two keys a pool: the first signs ID tokens, the second access tokens (I6). All are those of the key set, replaced ones too. */
export function keysOf(poolId: string, keyring?: Keyring): { id: SigningKey; access: SigningKey; all: SigningKey[] } {
  const all = signingKeys(poolId, ['id', 'access'], keyring)
  const [id, access] = all as [SigningKey, SigningKey]
  return { id, access, all }
}

/** Tokens never name a domain as their issuer (cognito-facts 161): they name the host that the domain's name stands before. */
export function issuerBase(host: string, base: string): string {
  const rest = /^[a-z0-9-]+\.auth\.((?:[a-z0-9-]+\.)?localhost(?::\d+)?)$/i.exec(host)?.[1]
  return rest === undefined ? base : base.replace(`//${host}`, `//${rest}`)
}

/** Who tokens say they are from (T6); a pool may have chosen the service's newer form (cognito-facts 161). */
export function issuerOf(call: { settings: Settings; origin: Origin }, pool: Pool): string {
  if (settingsOf(call).issuer !== 'aws') return `${call.origin.base}/${pool.Id}`
  const host = pool.IssuerConfiguration?.Type === 'UPDATED' ? 'issuer-cognito-idp' : 'cognito-idp'
  return `https://${host}.${regionOf(pool)}.amazonaws.com/${pool.Id}`
}

export function regionOf(pool: Pool): string {
  return pool.Id.slice(0, pool.Id.indexOf('_'))
}

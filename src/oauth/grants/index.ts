import type { Realm } from '../realm.ts'
import authorizationCode from './authorization-code.ts'
import clientCredentials from './client-credentials.ts'
import type { Grant } from './grant.ts'
import refreshToken from './refresh-token.ts'

const grants: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials]

export function grantOf(realm: Realm, name: string): Grant | undefined {
  return grants.find((grant) => grant.name === name && grant.servedBy?.(realm) !== false)
}

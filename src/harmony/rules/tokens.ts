import { type Claims, openToken, signToken } from '../../core/jwt.ts'
import { type SigningKey, signingKeys } from '../../core/keys.ts'
import type { HarmonyCall } from '../call.ts'
import { type ClientRecord, clientHomes, clients, type Grant, grants } from '../records.ts'
import { secretOf } from './cognito-clients.ts'
import { authorizeUser } from './cross-app.ts'

/** Documented in the sample of POST /auth/token. */
const LIFETIME = 3600
const PROVIDER = 'cognito-s2s'
/** (?) How long a refresh token is good is not documented; Cognito's own standard. */
const REFRESH_LIFETIME = 30 * 24 * 3_600_000

export interface TokenAnswer {
  access_token: string
  refresh_token: string
  token_type: 'Bearer'
  expires_in: number
  provider: string
  id_token?: string | undefined
}

export function keys(call: HarmonyCall): SigningKey[] {
  return signingKeys('harmony', ['sign'], call.keyring)
}

export function issuerOf(call: HarmonyCall): string {
  return `${call.origin.base}/harmony`
}

/** A client that may have tokens and knows its secret, else 401. */
export function authenticate(call: HarmonyCall<401>, id: string, secret: string): ClientRecord {
  const client = known(call, id)
  const expected = client?.userPoolId === undefined ? client?.secret : secretOf(call, client.userPoolId, id)
  return client !== undefined && expected !== undefined && expected === secret ? client : call.refuse(401, 'Unauthorized')
}

export function known(call: HarmonyCall, id: string): ClientRecord | undefined {
  const home = clientHomes.get(call, '', id)
  const client = home === undefined ? undefined : clients.get(call, home.parent, id)
  return client?.disabled === true ? undefined : client
}

/** What every token says that Harmony signs for a client. */
function serviceClaims(call: HarmonyCall, client: ClientRecord) {
  const seconds = Math.floor(call.now / 1000)
  return {
    iss: issuerOf(call),
    iat: seconds,
    exp: seconds + LIFETIME,
    jti: call.random.uuid(),
    sub: client.id,
    client_id: client.id,
    product: client.product,
  }
}

/** What Harmony shows a product that it asks. */
export function serviceToken(call: HarmonyCall, client: ClientRecord): string {
  return sign(call, { ...serviceClaims(call, client), token_use: 'access', scope: '' })
}

function sign(call: HarmonyCall, claims: Claims): string {
  const [key] = keys(call) as [SigningKey]
  return signToken(key, claims)
}

export function issue(call: HarmonyCall<400 | 401 | 500>, client: ClientRecord, grant: Grant): TokenAnswer {
  const service = serviceClaims(call, client)
  const { iss, iat, exp } = service
  const refresh = call.random.bytes(32).toString('base64url')
  const user = authorizeUser(call, client, grant, () => serviceToken(call, client))

  const access: Claims = {
    ...user?.claims.accessToken,
    ...service,
    ...(user === undefined ? {} : { sub: user.id, tenant_id: grant.tenantId }),
    token_use: 'access',
    scope: grant.scope,
  }
  const identity: Claims | undefined = user && {
    ...user.claims.idToken,
    iss,
    iat,
    exp,
    sub: user.id,
    aud: client.id,
    email: user.email,
    tenant_id: grant.tenantId,
    token_use: 'id',
  }
  grants.issue(call, refresh, { pool: '', family: client.id, expires: call.now + REFRESH_LIFETIME, doc: grant })
  return {
    access_token: sign(call, access),
    refresh_token: refresh,
    token_type: 'Bearer',
    expires_in: LIFETIME,
    provider: PROVIDER,
    ...(identity === undefined ? {} : { id_token: sign(call, identity) }),
  }
}

/** Whether this is an access token of ours, still good, of a client that still is. */
export function accepts(call: HarmonyCall, token: string): boolean {
  const claims = openToken(token, keys(call))
  return claims?.token_use === 'access' && Number(claims.exp) * 1000 > call.now && known(call, String(claims.client_id)) !== undefined
}
